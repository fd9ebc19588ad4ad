import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { missingHere, packagesToRun, targets } from "../../testing/container/container.ts";

/** Builds the container images, where they are not yet and this machine can: no test has to wait for it. */
export function setup(): void {
  if (missingHere() !== undefined) return;
  const tools = join(import.meta.dirname, "../../tools");
  execFileSync(join(tools, "debian-packages.sh"), packagesToRun);
  for (const target of targets) execFileSync(join(tools, "image.sh"), [target]);
}

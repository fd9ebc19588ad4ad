import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { missingForLab } from "../../testing/buildkit/lab/lab.ts";

/** Builds buildkitd, where it is not yet and this machine can run it: no test has to wait for it. */
export async function setup(): Promise<void> {
  if ((await missingForLab()) !== undefined) return;
  for (const script of ["debian-packages.sh", "buildkit.sh"])
    execFileSync(join(import.meta.dirname, "../../tools", script));
}

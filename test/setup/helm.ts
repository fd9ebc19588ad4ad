import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Builds Helm 3 and 4, where they are not yet, once and not in every worker. */
export function setup(): void {
  for (const major of ["3", "4"]) execFileSync(join(import.meta.dirname, "../../tools/helm.sh"), [major]);
}

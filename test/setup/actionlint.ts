import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Builds actionlint, where it is not yet, once and not in every worker. */
export function setup(): void {
  execFileSync(join(import.meta.dirname, "../../tools/actionlint.sh"));
}

import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Makes kubeconform, the schemas of Kubernetes and yamllint, where they are not yet. */
export function setup(): void {
  execFileSync(join(import.meta.dirname, "../../tools/manifest-checks.sh"));
}

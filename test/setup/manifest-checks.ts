import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Makes kubeconform, the schemas of Kubernetes, chart-testing and the linters that it runs, where they are not yet. */
export function setup(): void {
  for (const script of ["manifest-checks.sh", "chart-testing.sh"])
    execFileSync(join(import.meta.dirname, "../../tools", script));
}

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of promtool and of the OpenMetrics parser. */
    prometheus: string;
  }
}

/** Builds promtool and installs the parser, where they are not yet: `inject("prometheus")`. */
export function setup(project: TestProject): void {
  const script = join(import.meta.dirname, "../../tools/prometheus.sh");
  project.provide("prometheus", execFileSync(script, { encoding: "utf8" }).trim());
}

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the pinned `flyte` executable. */
    flyteCommand: string;
  }
}

/** Installs the pinned flyte CLI, where it is not yet: `inject("flyteCommand")`. */
export function setup(project: TestProject): void {
  const script = join(import.meta.dirname, "../../tools/python-env.sh");
  project.provide("flyteCommand", execFileSync(script, { encoding: "utf8" }).trim());
}

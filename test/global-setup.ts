import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the bundled program. */
    program: string;
    /** Path of the pinned `flyte` executable. */
    flyteCommand: string;
  }
}

/** Bundles the program and makes the pinned flyte CLI: `inject("program")` and `inject("flyteCommand")`. */
export function setup(project: TestProject): void {
  const root = join(import.meta.dirname, "..");
  execFileSync(process.execPath, [join(root, "tools/bundle.ts")], { stdio: "inherit" });
  project.provide("program", join(root, "dist/registrar.mjs"));
  project.provide("flyteCommand", execFileSync(join(root, "tools/python-env.sh"), { encoding: "utf8" }).trim());
}

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the bundled program. */
    program: string;
  }
}

const root = join(import.meta.dirname, "../..");

/** Bundles the program, once for all projects of a run: `inject("program")`. */
export function setup(project: TestProject): void {
  const bundled = project.vitest.projects.some((other) => other.getProvidedContext().program !== undefined);
  if (!bundled) execFileSync(process.execPath, [join(root, "tools/bundle.ts")], { stdio: "inherit" });
  project.provide("program", join(root, "dist/registrar.mjs"));
}

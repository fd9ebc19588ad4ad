import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { missingForUv } from "../../testing/base-image/uv-judge.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the pinned `uv` executable; empty where it cannot be asked. */
    uv: string;
  }
}

/** Installs the pinned uv and what unpacks images, where they are not yet and this machine can: `inject("uv")`. */
export function setup(project: TestProject): void {
  const run = (script: string) =>
    execFileSync(join(import.meta.dirname, "../../tools", script), {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  const isMissing = missingForUv() !== undefined;
  if (!isMissing) run("debian-packages.sh");
  project.provide("uv", isMissing ? "" : run("uv.sh").trim());
}

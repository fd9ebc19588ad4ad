import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { RegistryPrograms } from "../../testing/registry/real-registry.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Paths of real registries. */
    registries: RegistryPrograms;
    /** Folder of crane, regctl and oras. */
    registryTools: string;
  }
}

/**
 * Gets real registries and the tools that copy images, where they are not yet: `inject("registries")`. skopeo is no Go module that
 * can be built alone, so it is Debian's.
 */
export function setup(project: TestProject): void {
  const run = (script: string, ...args: string[]) =>
    execFileSync(join(import.meta.dirname, "../../tools", script), args, { encoding: "utf8" }).trim();
  run("debian-packages.sh", "skopeo");
  const tools = run("registry-tools.sh");
  project.provide("registryTools", tools);
  project.provide("registries", { "2.8": run("docker-registry.sh"), v3: join(tools, "registry") });
}

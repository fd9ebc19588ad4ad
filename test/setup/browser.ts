import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { missingForBrowser } from "../../testing/browser/open-browser.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of a headless Chromium; empty where there is none. */
    browser: string;
  }
}

/** Installs Chromium, where it is not yet and this machine can: `inject("browser")`. */
export function setup(project: TestProject): void {
  const missing = missingForBrowser();
  if (missing) process.stderr.write(`The tests in a browser are SKIPPED: ${missing}\n`);
  const install = () =>
    execFileSync(join(import.meta.dirname, "../../tools/browser.sh"), {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  project.provide("browser", missing ? "" : install().trim());
}

import type { Reporter, TestModule } from "vitest/node";
import { countLine } from "./counts.ts";

/** Closes a test run with its counts. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    const counts = { passed: count("passed"), failed: count("failed") + broken, skipped: count("skipped") };
    process.stdout.write(`${countLine(counts)}\n`);
  }
}

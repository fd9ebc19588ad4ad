import type { Reporter, TestModule } from "vitest/node";

/** Closes a test run with one plain line that people and CI read alike: `N passed, N failed`, and what was skipped. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    const skipped = count("skipped");
    const counts = `${count("passed")} passed, ${count("failed") + broken} failed`;
    process.stdout.write(`${counts}${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
  }
}

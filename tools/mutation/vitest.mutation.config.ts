import { statSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Small files first: they are mostly tables, and the first failure ends the run of a mutant. */
class SmallestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const size = ({ moduleId }: TestSpecification) => statSync(moduleId).size;
    return files.toSorted((a, b) => size(a) - size(b));
  }
}

// What `make mutation` runs for each mutant: the tests that own the mutated folder, and not the bundled program, which
// Stryker cannot change.
export default defineConfig({
  test: {
    include: [`test/${process.env["MUTATED"] ?? "registration"}/**/*.test.ts`],
    exclude: ["test/buildkit/real/**"],
    setupFiles: "tools/mutation/setup.ts",
    testTimeout: 60_000,
    sequence: { sequencer: SmallestFirst },
  },
});

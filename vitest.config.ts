import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { CountReporter } from "./tools/count-reporter.ts";
import { type ProjectName, projects } from "./tools/test-projects.ts";

/**
 * Starts first what takes longest. Vitest knows that from an earlier run; in a new clone it starts with the largest files,
 * and this one, which is small, would run alone at the end.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith("test/cluster/kills.test.ts");
    const sorted = await super.sort(files);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

/** What is different in a project. */
const special: Partial<Record<ProjectName, TestProjectInlineConfiguration["test"]>> = {
  // These tests mostly wait for pods, so files and tests share the cluster, and a process for each of the few files costs nothing.
  // tools/test-cluster.ts runs them.
  cluster: {
    isolate: true,
    sequence: { concurrent: true, groupOrder: 1 },
    maxWorkers: 2,
    maxConcurrency: 3,
    testTimeout: 240_000,
  },
};

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // No test leaves anything in what files share (modules, globals), and a process and modules of its own for each file are more
    // than half of the CPU time of project unit.
    isolate: false,
    // Vitest leaves one core idle; most of these tests wait for a process or a deadline.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    reporters: [["default", { summary: false }], new CountReporter()],
    projects: (Object.keys(projects) as ProjectName[]).map((name) => ({
      extends: true,
      test: {
        name,
        include: [...projects[name].include],
        exclude: [...projects[name].exclude],
        globalSetup: projects[name].setup.map((file) => `test/setup/${file}.ts`),
        ...special[name],
      },
    })),
  },
});

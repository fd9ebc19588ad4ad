import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { CountReporter } from "./tools/count-reporter.ts";
import { type ProjectName, projects } from "./tools/test-projects.ts";

/** The files that take longest, those of the cluster first. */
const longest = [
  "cluster/kills",
  "cluster/modes",
  "cluster/build-namespaces",
  "cluster/misconfiguration",
  "cluster/outage",
  "cluster/alerts",
  "registry/real/mirror",
  "program/signals",
  "program/register",
  "program/build-interrupts",
  "program/concurrency",
  "faults/data-plane-faults",
  "faults/settings-faults",
  "conformance/end-to-end",
  "stand-in/flyte-cli",
  "buildkit/real/build-chain",
  "image/image",
  "chart/embedded",
  "program/check",
];

/** Starts first what takes longest. Vitest knows that from an earlier run; in a new clone it would start with the largest files. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      longest.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
    const sorted = await super.sort(files);
    const first = sorted.filter((file) => place(file) >= 0).sort((a, b) => place(a) - place(b));
    return [...first, ...sorted.filter((file) => place(file) < 0)];
  }
}

/** What is different in a project. */
const special: Partial<Record<ProjectName, TestProjectInlineConfiguration["test"]>> = {
  // These tests mostly wait for pods, so files and tests share the cluster, and a process for each of the few files costs nothing.
  // tools/test-cluster.ts runs them.
  cluster: {
    isolate: true,
    sequence: { concurrent: true, groupOrder: 1 },
    maxWorkers: 4,
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
    // One more than there are cores: most of these tests wait for a process or a deadline, and leave a quarter of the time idle.
    maxWorkers: availableParallelism() + 1,
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

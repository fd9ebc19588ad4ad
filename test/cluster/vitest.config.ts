import { defineConfig } from "vitest/config";
import { CountReporter } from "../../tools/count-reporter.ts";

/** The tests that need a cluster; tools/test-cluster.ts runs them on one. They mostly wait for pods, so files share it. */
// biome-ignore lint/style/noDefaultExport: that is what vitest reads.
export default defineConfig({
  test: {
    include: ["test/cluster/**/*.test.ts"],
    sequence: { concurrent: true },
    maxWorkers: 2,
    maxConcurrency: 2,
    testTimeout: 240_000,
    hookTimeout: 60_000,
    reporters: [["default", { summary: false }], new CountReporter()],
  },
});

import { defineConfig } from "vitest/config";
import { CountReporter } from "./tools/count-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // It needs a cluster: `make test-cluster`, which `make test` runs too.
    exclude: ["test/cluster/**"],
    globalSetup: "test/global-setup.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest leaves one core idle; most of these tests wait for a process or a deadline.
    maxWorkers: "100%",
    reporters: [["default", { summary: false }], new CountReporter()],
  },
});

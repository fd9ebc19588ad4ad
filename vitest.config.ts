import { defineConfig } from "vitest/config";
import { CountReporter } from "./tools/count-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/global-setup.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: [["default", { summary: false }], new CountReporter()],
  },
});

import { expect, it } from "vitest";
import { scopeName, taskName } from "../../src/definition/task-scope.ts";

it("the SDK looks for this task, and messages name where it lies", () => {
  expect(taskName).toBe("build-image");
  expect(scopeName({ project: "system", domain: "production" })).toBe("system/production");
});

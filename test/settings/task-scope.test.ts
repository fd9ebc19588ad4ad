import { expect, it } from "vitest";
import { scopeName, taskName } from "../../src/settings/task-scope.ts";

it("the SDK looks for this task, and messages name its scope", () => {
  expect(taskName).toBe("build-image");
  expect(scopeName({ project: "system", domain: "production" })).toBe("system/production");
});

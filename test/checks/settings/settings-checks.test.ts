import { expect, it } from "vitest";
import { checksOf } from "../in-process.ts";

async function ownChecks(settings: object) {
  const results = await checksOf(settings);
  return results.filter(({ category }) => category === "settings");
}

it("finds that there is no appVersion where it looks for it, and renders no task then", async () => {
  const results = await ownChecks({ appVersion: undefined });
  expect(results.find(({ name }) => name === "app-version")).toMatchObject({
    status: "failed",
    finding: {
      code: "settings-wrong",
      args: { problems: [{ setting: "appVersion", problem: expect.stringMatching(/^not set/) }] },
    },
  });
  expect(results.find(({ name }) => name === "definition")).toMatchObject({
    status: "skipped",
    root: { category: "settings", name: "app-version" },
  });
});

it("says which appVersion is meant", async () => {
  const results = await ownChecks({ appVersion: "2026.3.4" });
  expect(results.find(({ name }) => name === "app-version")).toMatchObject({ status: "passed", detail: "2026.3.4" });
  expect(results.find(({ name }) => name === "definition")?.status).toBe("passed");
});

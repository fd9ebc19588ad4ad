import { expect, inject, it } from "vitest";
import { openWorld } from "./fault.ts";

it.each(["api", "flyte"])("passes every check of a healthy world, with task.deployWith %s", async (deployWith) => {
  await using world = await openWorld();
  world.settings["flyteCommand"] = inject("flyteCommand");
  world.settings.task["deployWith"] = deployWith;
  const report = await world.check();
  expect(report.checks.filter(({ status }) => status !== "passed")).toEqual([]);
  expect(report.checks.some(({ name }) => name === "flyte-cli")).toBe(deployWith === "flyte");
  expect(report).toMatchObject({ exitCode: 0, summary: expect.stringMatching(/^0 problems, 0 warnings; \d+ passed/) });
});

it("leaves buildkit to the cluster where its name is one that only pods know, and passes", async () => {
  await using world = await openWorld({ buildConfig: { "buildkit-uri": "tcp://buildkit.union.svc:1234" } });
  const { checks, exitCode } = await world.check();
  expect(exitCode).toBe(0);
  expect(checks.filter(({ status }) => status !== "passed")).toMatchObject([
    { name: "connection", status: "skipped", detail: expect.stringContaining("run this check in the cluster") },
  ]);
});

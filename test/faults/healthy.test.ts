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

it.each(["manual", "schedule"])(
  "registers an upgrade of a healthy world without a finding, with trigger %s",
  async (trigger) => {
    await using world = await openWorld();
    Object.assign(world.settings, { appVersion: "2026.3.5", trigger, release: { cluster: "prod-eu" } });
    const { stdout, exitCode } = await world.run(["register", "--output", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ state: "registered", findings: [], exitCode: 0 });
    expect(exitCode).toBe(0);
  },
);

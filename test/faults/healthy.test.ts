import { expect, inject, it } from "vitest";
import { openWorld } from "./fault.ts";
import { hasEverything, officialPython, pushBaseImage, serve, setBuilds } from "./worlds.ts";

it.each(["api", "flyte"])("passes every check of a healthy world, with task.deployWith %s", async (deployWith) => {
  await using stack = new AsyncDisposableStack();
  await using world = await openWorld();
  world.settings["flyteCommand"] = inject("flyteCommand");
  world.settings.task["deployWith"] = deployWith;
  const packageIndex = `${await serve(stack, hasEverything)}/simple`;
  pushBaseImage(world, { env: [...officialPython, `UV_INDEX_URL=${packageIndex}`] });
  setBuilds(world, { packageIndex });
  const report = await world.check();
  const others = report.checks.filter(({ status }) => status !== "passed");
  expect(others.map(({ category, name, detail }) => `${category}/${name}: ${detail}`)).toEqual([
    expect.stringMatching(/^network\/names: only pods resolve names/),
    expect.stringMatching(/^network\/connections: only pods resolve names/),
  ]);
  expect(report.checks.some(({ name }) => name === "flyte-cli")).toBe(deployWith === "flyte");
  expect(report).toMatchObject({ exitCode: 0, summary: expect.stringMatching(/^0 problems, 0 warnings; \d+ passed/) });
});

it("leaves buildkit to the cluster where its name is one that only pods know, and passes", async () => {
  await using world = await openWorld({ buildConfig: { "buildkit-uri": "tcp://buildkit.union.svc:1234" } });
  const { checks, exitCode } = await world.check(["--category", "buildkit", "--category", "images"]);
  expect(exitCode).toBe(0);
  const skipped = checks.filter(({ status }) => status === "skipped");
  expect(skipped.map(({ category, name }) => `${category}/${name}`)).toEqual([
    "buildkit/connection",
    "images/buildkit",
  ]);
  for (const { detail } of skipped) expect(detail).toContain("run this check in the cluster");
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

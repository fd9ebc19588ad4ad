import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { against, runForReport, runProgram, throughFlyte } from "../../testing/program/run-program.ts";

const deploys = (plane: ControlPlane) => plane.calls.filter(({ method }) => method === "TaskService/DeployTask").length;
const newest = (plane: ControlPlane) => plane.registrations().at(-1);
const imageOf = (plane: ControlPlane) =>
  JSON.stringify(newest(plane)?.spec.taskTemplate?.target.value).match(/[^"]+build-image:[^"]+/)?.[0];

const servers = ["replace", "refuse"] as const;
const writers = servers.flatMap((existing) => [
  { existing, deployWith: "api", flags: () => [] },
  { existing, deployWith: "flyte", flags: throughFlyte },
]);

describe.each(writers)("register with $deployWith on a server that would $existing an existing version", (row) => {
  const { existing } = row;
  it("registers, finds nothing to do, registers a changed definition, an upgrade and a rollback", async () => {
    await using plane = await startControlPlane({ existing });
    const register = (...flags: string[]) => runForReport(["register", ...against(plane), ...row.flags(), ...flags]);

    const first = await register("--app-version", "2026.3.4");
    expect(first).toMatchObject({ state: "registered", exitCode: 0, current: { version: "2026.3.4", isWanted: true } });
    expect(newest(plane)?.version).toBe("2026.3.4");

    const callsBefore = plane.calls.length;
    // A CLI that does not exist: starting it would fail the run.
    const second = await register("--app-version", "2026.3.4", "--flyte-command", "/nonexistent/flyte");
    expect(second).toMatchObject({ state: "up-to-date", exitCode: 0 });
    expect(plane.calls.slice(callsBefore).map(({ method }) => method)).toEqual([
      "TaskService/ListTasks",
      "TaskService/GetTaskDetails",
    ]);

    const prefix = ["--task-image-name-prefix", "registry.example.com/union"];
    const changed = await register("--app-version", "2026.3.4", ...prefix);
    expect(changed).toMatchObject({
      state: "registered",
      current: { version: "2026.3.4-r1" },
      previous: { version: "2026.3.4" },
    });
    expect(imageOf(plane)).toBe("registry.example.com/union/build-image:2026.3.4");

    expect(await register("--app-version", "2026.3.5", ...prefix)).toMatchObject({ current: { version: "2026.3.5" } });

    const back = await register("--app-version", "2026.3.4", ...prefix, "--trigger", "rollback");
    expect(back).toMatchObject({ state: "registered", current: { version: "2026.3.4-r2", appVersion: "2026.3.4" } });
    expect(newest(plane)?.version).toBe("2026.3.4-r2");
    expect(imageOf(plane)).toBe("registry.example.com/union/build-image:2026.3.4");
    expect(deploys(plane)).toBe(4);
  });
});

it("registers without any other program", async () => {
  await using plane = await startControlPlane();
  const args = ["register", ...against(plane), "--app-version", "2026.3.4"];
  const report = await runForReport(args, { env: { PATH: "" } });
  expect(report).toMatchObject({ state: "registered", findings: [], current: { registeredBy: "test/registrar" } });
  expect(plane.calls.map(({ method }) => method)).toEqual([
    "TaskService/ListTasks",
    "ProjectService/GetProject",
    "TaskService/DeployTask",
    "TaskService/ListTasks",
    "TaskService/GetTaskDetails",
  ]);
});

it("refuses a flyte CLI that gives every appVersion the same cache key, before it writes", async () => {
  await using plane = await startControlPlane();
  const folder = await mkdtemp(join(tmpdir(), "register-test-"));
  const flyte = join(folder, "flyte");
  await writeFile(flyte, "#!/bin/sh\necho flyte, version 2.11.4\n", { mode: 0o755 });
  const flags = [...throughFlyte(), "--flyte-command", flyte, "--app-version", "2026.3.4"];
  const report = await runForReport(["register", ...against(plane), ...flags]);
  await rm(folder, { recursive: true });
  expect(report).toMatchObject({ state: "failed", exitCode: 1, findings: [{ code: "flyte-outdated" }] });
  expect(deploys(plane)).toBe(0);
});

describe("register with others", () => {
  it("takes a manual registration of the same definition over, so that a later rollback is its own", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    const run = (appVersion: string, trigger: string) =>
      runForReport(["register", ...against(plane), "--app-version", appVersion, "--trigger", trigger]);
    const scheduled = await run("2026.3.4", "schedule");
    expect(scheduled).toMatchObject({ state: "up-to-date", current: { version: "2026.3.4" } });
    expect(scheduled.current).not.toHaveProperty("registeredBy");
    const upgraded = await run("2026.3.4", "upgrade");
    expect(upgraded).toMatchObject({ state: "registered", current: { version: "2026.3.4-r1" } });
    expect(upgraded.current).toMatchObject({ registeredBy: "test/registrar" });
    expect(await run("2026.3.4", "manual")).toMatchObject({ state: "up-to-date" });
    expect(await run("2026.3.3", "rollback")).toMatchObject({ state: "registered", current: { version: "2026.3.3" } });
    expect(deploys(plane)).toBe(2);
  });

  it("refuses a domain that the project does not have, before it writes", async () => {
    await using plane = await startControlPlane();
    const flags = ["--app-version", "2026.3.4", "--task-domain", "prodction"];
    const report = await runForReport(["register", ...against(plane), ...flags]);
    expect(report).toMatchObject({ state: "failed", exitCode: 1, findings: [{ code: "domain-missing" }] });
    expect(report.findings[0]?.what).toContain("development, production, staging");
    expect(plane.registrations()).toEqual([]);
  });

  it("says that a registration without a cluster name has an owner that others may be too", async () => {
    await using plane = await startControlPlane();
    const args = ["register", ...against(plane), "--release-cluster", "", "--app-version", "2026.3.4"];
    const report = await runForReport(args);
    expect(report).toMatchObject({ state: "registered", findings: [{ code: "cluster-name-missing" }] });
    expect((await runForReport(args)).findings).toEqual([]);
  });

  it("writes nothing where the server lists a version and does not find it", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.6" });
    await plane.setFault({ kind: "database-away", methods: ["TaskService/GetTaskDetails"] });
    const flags = ["--app-version", "2026.3.4", "--trigger", "schedule", "--timeouts-control-plane", "1s"];
    const report = await runForReport(["register", ...against(plane), ...flags]);
    expect(report).toMatchObject({ state: "failed", exitCode: 3, findings: [{ code: "lookup-contradicts" }] });
    expect(deploys(plane)).toBe(0);
  });

  it.each([
    { flags: [], state: "kept", exitCode: 0, deployed: 0 },
    { flags: ["--policy-when-newer", "fail"], state: "failed", exitCode: 1, deployed: 0 },
    { flags: ["--force"], state: "registered", exitCode: 0, deployed: 1 },
  ])("meets a newer appVersion of another owner with $flags: $state", async ({ flags, state, exitCode, deployed }) => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.9.1" });
    const report = await runForReport(["register", ...against(plane), "--app-version", "2026.3.4", ...flags]);
    expect(report).toMatchObject({ state, exitCode });
    expect(report.findings.map(({ code }) => code)).toContain("registration-newer");
    expect(deploys(plane)).toBe(deployed);
  });

  it("shows with --dry-run what it would do and writes nothing", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.3" });
    const report = await runForReport(["register", ...against(plane), "--app-version", "2026.3.4", "--dry-run"]);
    expect(report).toMatchObject({ state: "planned", exitCode: 0, summary: expect.stringContaining("2026.3.4") });
    expect(plane.registrations()).toHaveLength(1);
  });

  it("creates the project where it is missing, and says how where it may not", async () => {
    await using plane = await startControlPlane({ projects: [] });
    const flags = [...against(plane), "--app-version", "2026.3.4"];
    const refused = await runProgram(["register", ...flags, "--policy-ensure-project", "false"]);
    expect(refused).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("flyte create project --id system") });
    expect(await runForReport(["register", ...flags])).toMatchObject({ state: "registered" });
  });
});

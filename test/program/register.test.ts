import { describe, expect, it } from "vitest";
import { type ControlPlane, startControlPlane } from "../control-plane/start.ts";
import { against, runForReport, runProgram } from "./run-program.ts";

const deploys = (plane: ControlPlane) => plane.calls.filter(({ method }) => method === "TaskService/DeployTask").length;
const newest = (plane: ControlPlane) => plane.registrations().at(-1);
const imageOf = (plane: ControlPlane) =>
  JSON.stringify(newest(plane)?.spec.taskTemplate?.target.value).match(/[^"]+build-image:[^"]+/)?.[0];

describe.each(["replace", "refuse"] as const)("register on a server that would %s an existing version", (existing) => {
  it("registers, finds nothing to do, registers a changed definition, an upgrade and a rollback", async () => {
    await using plane = await startControlPlane({ existing });
    const register = (...flags: string[]) => runForReport(["register", ...against(plane), ...flags]);

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

describe("register beside others", () => {
  it("leaves a registration made by hand alone where its fields are the wanted ones", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    const report = await runForReport(["register", ...against(plane), "--app-version", "2026.3.4"]);
    expect(report).toMatchObject({ state: "up-to-date", current: { version: "2026.3.4" } });
    expect(report.current).not.toHaveProperty("registeredBy");
    expect(deploys(plane)).toBe(0);
  });

  it.each([
    { flags: [], state: "kept", exitCode: 0, deployed: 0 },
    { flags: ["--policy-when-newer", "fail"], state: "failed", exitCode: 1, deployed: 0 },
    { flags: ["--force"], state: "registered", exitCode: 0, deployed: 1 },
  ])("meets a newer release of somebody else with $flags: $state", async ({ flags, state, exitCode, deployed }) => {
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

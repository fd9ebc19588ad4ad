import { describe, expect, it, vi } from "vitest";
import type { Fault } from "../../testing/control-plane/faults.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { against, runForReport, runProgram } from "../../testing/program/run-program.ts";

const release = ["--app-version", "2026.3.4"];
const impatient = ["--timeouts-control-plane", "1s", "--timeouts-total", "3s"];

describe("a stopped control plane", () => {
  it.each([
    { failure: "warn", exitCode: 0, words: "exit code 0 because policy.failure is warn" },
    { failure: "fail", exitCode: 3, words: "failed:" },
  ])("ends with $exitCode under policy.failure $failure, in time, saying cause, fix and next command", async (row) => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "refused" });
    const run = await runProgram([
      "register",
      ...against(plane),
      ...release,
      ...impatient,
      "--policy-failure",
      row.failure,
    ]);
    expect(run.exitCode).toBe(row.exitCode);
    expect(run.milliseconds).toBeLessThan(3_500);
    expect(run.stdout).toContain("ERROR control-plane-refused");
    expect(run.stdout).toMatch(/why {3}.*ECONNREFUSED.*\(\d+ attempts in \d\.\d s\)/);
    expect(run.stdout).toMatch(/fix {3}Start the control plane/);
    expect(run.stdout).toContain(`next  curl -sv --max-time 10 ${plane.url}/`);
    expect(run.stdout).toContain(row.words);
  });

  it("never lasts longer than timeouts.total, and still says why", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "unavailable" });
    const flags = ["--timeouts-control-plane", "50s", "--timeouts-total", "1s"];
    const run = await runProgram(["register", ...against(plane), ...release, ...flags]);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain("control-plane-unavailable");
    expect(run.milliseconds).toBeLessThan(2_500);
  });

  it("ends with 124 where the run's own deadline is all that was met", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "hang" });
    const flags = ["--timeouts-control-plane", "50s", "--timeouts-total", "1s"];
    const report = await runForReport(["register", ...against(plane), ...release, ...flags]);
    expect(report).toMatchObject({ state: "failed", exitCode: 124 });
    expect(report.findings[0]).toMatchObject({ code: "deadline-exceeded", what: expect.stringContaining("look up") });
  });
});

describe("an error that nothing in the program listens to", () => {
  const bug = "setTimeout(() => { throw new TypeError('a bug of our own') }, 500)";
  const env = { NODE_OPTIONS: `--import=${JSON.stringify(`data:text/javascript,${encodeURIComponent(bug)}`)}` };
  const flags = ["--timeouts-control-plane", "50s"];

  it.each([
    { failure: "warn", exitCode: 0 },
    { failure: "fail", exitCode: 1 },
  ])("is reported, and ends with $exitCode under policy.failure $failure", async ({ failure, exitCode }) => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "hang" });
    const args = ["register", ...against(plane), ...release, ...flags, "--policy-failure", failure];
    const report = await runForReport(args, { env });
    expect(report).toMatchObject({ state: "failed", exitCode });
    expect(report.findings).toMatchObject([{ code: "internal-error", why: "a bug of our own" }]);
  });

  it("ends check too", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "hang" });
    const run = await runProgram(["check", ...against(plane), ...release], { env });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("ERROR internal-error") });
    expect(run.milliseconds).toBeLessThan(5_000);
  });

  it("ends a program that cannot report it, without its message", async () => {
    const stuck = `process.stdout.write = () => { throw new TypeError("a ${"sec"}ret of a bug") }`;
    const options = { NODE_OPTIONS: `--import=${JSON.stringify(`data:text/javascript,${encodeURIComponent(stuck)}`)}` };
    const run = await runProgram(["render", "--app-version", "2026.3.4", "--release-cluster", "test"], {
      env: options,
    });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^internal-error\nTypeError\n +at /) });
    expect(run.stderr).not.toContain("of a bug");
  });
});

describe("a fault of the control plane", () => {
  const rows: { fault: Fault; code: string; exitCode: number }[] = [
    { fault: { kind: "permission-denied" }, code: "permission-denied", exitCode: 3 },
    { fault: { kind: "unauthenticated" }, code: "credentials-missing", exitCode: 3 },
    { fault: { kind: "login-page" }, code: "control-plane-not-spoken", exitCode: 3 },
    { fault: { kind: "bad-gateway" }, code: "control-plane-unavailable", exitCode: 3 },
    { fault: { kind: "reset" }, code: "control-plane-reset", exitCode: 3 },
    {
      fault: { kind: "permission-denied", methods: ["TaskService/DeployTask"] },
      code: "permission-denied",
      exitCode: 3,
    },
  ];
  it.each(rows)("$fault becomes $code", async ({ fault, code, exitCode }) => {
    await using plane = await startControlPlane();
    await plane.setFault(fault);
    const report = await runForReport(["register", ...against(plane), ...release, "--timeouts-control-plane", "1s"]);
    expect(report).toMatchObject({ state: "failed", exitCode });
    expect(report.findings.map((finding) => finding.code)).toEqual([code]);
  });

  it("does not matter where it has passed before the run gives up", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "unavailable", times: 2 });
    expect(await runForReport(["register", ...against(plane), ...release])).toMatchObject({ state: "registered" });
  });
});

it("is not tried again where the definition became current meanwhile", async () => {
  await using plane = await startControlPlane();
  await plane.setFault({
    kind: "too-many-requests",
    retryAfterSeconds: 2,
    times: 1,
    methods: ["TaskService/DeployTask"],
  });
  const deploys = () => plane.calls.filter(({ method }) => method === "TaskService/DeployTask");
  const run = runForReport(["register", ...against(plane), ...release]);
  await vi.waitFor(() => expect(deploys()).toHaveLength(1), 10_000);
  plane.store({ version: "2026.3.4" });
  expect(await run).toMatchObject({ state: "registered", current: { version: "2026.3.4", isWanted: true } });
  expect(deploys()).toHaveLength(1);
});

describe("wrong settings", () => {
  it.each([
    { flags: ["--app-version", ""], words: "appVersion (--app-version): the text is empty; for example 2026.3.4" },
    { flags: ["--app-version", "latest"], words: "appVersion (--app-version): the text of 6 characters has no digit" },
    { flags: ["--app-version", "1.0; rm -rf /"], words: "has a character that image tags cannot have" },
    { flags: ["--app-version", "1".repeat(300)], words: "is longer than 56 characters" },
    {
      flags: ["--app-version", "1.0", "--trigger", "whim"],
      words: "trigger (--trigger): the text of 4 characters is none of install",
    },
    { flags: [], words: "appVersion: not set" },
  ])("$flags end with 2 before anything is contacted", async ({ flags, words }) => {
    await using plane = await startControlPlane();
    const run = await runProgram(["register", ...against(plane), ...flags]);
    expect(run).toMatchObject({ exitCode: 2, stdout: expect.stringContaining(words) });
    expect(plane.calls).toEqual([]);
  });

  it.each([
    { args: ["registre"], words: "unknown command 'registre'" },
    { args: ["register", "--nonsense"], words: "unknown option '--nonsense'" },
    { args: [], words: "no command is given" },
    { args: ["register", "--output", "xml"], words: "text, json" },
  ])("the command line $args ends with 2 and a way on", async ({ args, words }) => {
    const run = await runProgram(args);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain("ERROR usage-wrong");
    expect(run.stderr).toContain(words);
    expect(run.stderr).toContain("registrar --help");
  });
});

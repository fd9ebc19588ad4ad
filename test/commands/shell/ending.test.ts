import { describe, expect, it } from "vitest";
import { endingOf, reportOf } from "../../../src/commands/shell/ending.ts";
import { finding } from "../../../src/findings/finding.ts";
import { problem } from "../../../src/findings/registrar-error.ts";
import { type Registration, reportedRegistration } from "../../../src/registration/registration.ts";
import { createRecorder, type Recorder } from "../../../src/report/recorder.ts";
import type { RunReport } from "../../../src/report/run-report.ts";
import { Interrupted } from "../../../src/system/interrupted.ts";
import { described } from "../../../testing/findings/described.ts";

const refused = problem("control-plane-refused", { endpoint: "https://a" });
const usage = problem("settings-wrong", { problems: [] });
const deadline = problem("deadline-exceeded", { seconds: 1, step: "deploy" });

describe("a run that throws", () => {
  it.each<{
    thrown: unknown;
    command: RunReport["command"];
    failure: "fail" | "warn";
    exitCode: number;
    summary: string;
  }>([
    {
      thrown: refused,
      command: "register",
      failure: "fail",
      exitCode: 3,
      summary: "register failed (control-plane-refused); remote image builds may use an older appVersion or fail",
    },
    {
      thrown: refused,
      command: "register",
      failure: "warn",
      exitCode: 0,
      summary:
        "register failed (control-plane-refused); remote image builds may use an older appVersion or fail; exit code 0 because policy.failure is warn",
    },
    {
      thrown: deadline,
      command: "register",
      failure: "warn",
      exitCode: 0,
      summary:
        "register failed (deadline-exceeded); remote image builds may use an older appVersion or fail; exit code 0 because policy.failure is warn",
    },
    {
      thrown: usage,
      command: "register",
      failure: "warn",
      exitCode: 0,
      summary:
        "register failed (settings-wrong); the control plane was not contacted; remote image builds may use an older appVersion or fail; exit code 0 because policy.failure is warn",
    },
    {
      thrown: usage,
      command: "register",
      failure: "fail",
      exitCode: 2,
      summary:
        "register failed (settings-wrong); the control plane was not contacted; remote image builds may use an older appVersion or fail",
    },
    {
      thrown: usage,
      command: "verify",
      failure: "warn",
      exitCode: 2,
      summary: "verify failed (settings-wrong); the control plane was not contacted",
    },
    {
      thrown: refused,
      command: "verify",
      failure: "warn",
      exitCode: 3,
      summary: "verify failed (control-plane-refused)",
    },
    {
      thrown: refused,
      command: "status",
      failure: "warn",
      exitCode: 3,
      summary: "status failed (control-plane-refused)",
    },
    {
      thrown: new TypeError("x is undefined"),
      command: "verify",
      failure: "fail",
      exitCode: 1,
      summary: "verify failed (internal-error)",
    },
  ])("$command, policy $failure: $exitCode, $summary", ({ thrown, command, failure, exitCode, summary }) => {
    const ended = endingOf(thrown, command, { failure });
    expect(ended).toMatchObject({ exitCode, ending: { state: "failed", summary } });
    expect(ended.ending.error?.severity).toBe("error");
  });

  it("is interrupted by a signal, whatever the policy", () => {
    expect(endingOf(new Interrupted("SIGTERM", 15), "register", { failure: "warn" })).toEqual({
      exitCode: 143,
      ending: { state: "interrupted", summary: "register was ended by SIGTERM" },
    });
  });
});

describe("the report of a run", () => {
  const registration: Registration = {
    version: "2026.3.4",
    registeredAt: new Date("2026-03-04T05:06:07Z"),
    deployedBy: "alice",
    ownership: { owner: "c/n/r", appVersion: "2026.3.4" },
    appVersion: "2026.3.4",
    differences: [],
    isWanted: true,
  };
  const factsOf = (recorder: Recorder) => ({
    program: { name: "image-builder-registrar" as const, version: "1.2.3" },
    command: "register" as const,
    subject: undefined,
    recorder,
    exitCode: 1,
    milliseconds: 12.4,
  });
  const newRecorder = () =>
    createRecorder(
      () => 0,
      () => {},
    );

  const failed = { state: "failed" as const, summary: "no", error: refused.finding };

  it("has the warnings, then the error, described, and no key for what is absent", () => {
    const recorder = newRecorder();
    recorder.warn(finding("warning", "insecure-without-token", {}));
    expect(reportOf(failed, factsOf(recorder), described)).toEqual({
      schemaVersion: 1,
      program: { name: "image-builder-registrar", version: "1.2.3" },
      command: "register",
      state: "failed",
      summary: "no",
      steps: [],
      findings: [described(finding("warning", "insecure-without-token", {})), described(refused)],
      exitCode: 1,
      milliseconds: 12,
    });
  });

  it("has the registration that was current before only if it changed", () => {
    const { ownership: _, registeredAt: __, ...manual } = registration;
    const before: Registration = { ...manual, version: "2026.3.3", ownership: undefined, registeredAt: undefined };
    const recorder = newRecorder();
    recorder.learn({ current: reportedRegistration(registration) });
    const ending = { state: "registered" as const, summary: "", previous: before };
    expect(reportOf(ending, factsOf(recorder), described)).toMatchObject({
      current: {
        version: "2026.3.4",
        appVersion: "2026.3.4",
        registeredAt: "2026-03-04T05:06:07.000Z",
        registeredBy: "c/n/r",
        isWanted: true,
      },
      previous: { version: "2026.3.3", appVersion: "2026.3.4", isWanted: true },
    });
    const unchanged = reportOf({ ...ending, previous: registration }, factsOf(recorder), described);
    expect(unchanged).not.toHaveProperty("previous");
  });

  it("has what was known before it failed: that nothing is registered, and how the last runs ended", () => {
    const recorder = newRecorder();
    recorder.learn({ current: null, runs: [] });
    expect(reportOf(failed, factsOf(recorder), described)).toMatchObject({ current: null, runs: [] });
    recorder.learn({ current: undefined });
    expect(reportOf(failed, factsOf(recorder), described)).not.toHaveProperty("current");
  });
});

import { describe, expect, it } from "vitest";
import { registrationMetrics } from "../../../src/report/metrics/registration-metrics.ts";
import type { RecordedRun } from "../../../src/report/run-report.ts";
import { reportWith } from "../../../testing/findings/sample-reports.ts";
import { sampleReport } from "../sample-report.ts";

const us = "prod-us/union/dataplane";
const current = {
  version: "2026.3.4-r2",
  appVersion: "2026.3.4",
  registeredAt: "2026-11-24T12:00:00.500Z",
  registeredBy: us,
  isWanted: true,
};
const run: RecordedRun = {
  trigger: "schedule",
  time: "2026-11-24T12:10:00.000Z",
  command: "register",
  state: "up-to-date",
  summary: "2026.3.4-r2 is current",
  exitCode: 0,
  codes: [],
  registrar: "0.1.0",
  milliseconds: 150,
};

/** The samples, without the prefix of their names. */
function samplesOf(...given: Parameters<typeof registrationMetrics>): string[] {
  const lines = registrationMetrics(...given).split("\n");
  return lines.filter((line) => !line.startsWith("#")).map((line) => line.replace("image_builder_registrar_", ""));
}

describe("metrics", () => {
  it("say what is wanted, what is current and how the last runs ended", () => {
    const failed = { ...run, trigger: "upgrade", state: "failed" as const, codes: ["client-refused", "other"] };
    expect(samplesOf(reportWith({ current }), [run, failed])).toEqual([
      'build_info{version="0.0.0"} 1',
      `wanted_info{app_version="2026.3.4",project="system",domain="production",owner="${us}"} 1`,
      `current_info{version="2026.3.4-r2",app_version="2026.3.4",owner="${us}"} 1`,
      "current_is_wanted 1",
      "current_is_own 1",
      "current_revision 2",
      "current_registered_timestamp_seconds 1795521600.5",
      'last_run_info{trigger="schedule",command="register",result="up-to-date",code=""} 1',
      'last_run_info{trigger="upgrade",command="register",result="failed",code="client-refused"} 1',
      'last_run_success{trigger="schedule"} 1',
      'last_run_success{trigger="upgrade"} 0',
      'last_run_timestamp_seconds{trigger="schedule"} 1795522200',
      'last_run_timestamp_seconds{trigger="upgrade"} 1795522200',
      'last_run_duration_seconds{trigger="schedule"} 0.15',
      'last_run_duration_seconds{trigger="upgrade"} 0.15',
    ]);
  });

  it.each([
    ["another's", { ...current, registeredBy: "prod-eu/union/dataplane", isWanted: false }, [0, 0]],
    ["the wanted one of another", { ...current, registeredBy: "prod-eu/union/dataplane" }, [1, 0]],
    ["ours of other settings", { ...current, isWanted: false }, [0, 1]],
  ])("say that the current registration is %s", (_whose, found, [isWanted, isOwn]) => {
    const samples = samplesOf(reportWith({ current: found }), []);
    expect(samples).toContain(`current_is_wanted ${isWanted}`);
    expect(samples).toContain(`current_is_own ${isOwn}`);
  });

  it("say that nothing is registered, which is not the same as not to know", () => {
    const ofCurrent = (report: Parameters<typeof registrationMetrics>[0]) =>
      samplesOf(report, []).filter((line) => line.startsWith("current"));
    expect(ofCurrent(reportWith({ current: null }))).toEqual(["current_is_wanted 0", "current_is_own 0"]);
    expect(ofCurrent(reportWith({ state: "failed" }))).toEqual([]);
  });

  it("of a run that saw nothing have its findings, each code once", () => {
    const { findings } = sampleReport();
    const samples = samplesOf(reportWith({ state: "failed", findings: [...findings, ...findings] }), []);
    expect(samples.filter((line) => /^(current|findings)/.test(line))).toEqual([
      'findings{code="insecure-without-token",severity="warning"} 2',
      'findings{code="control-plane-refused",severity="error"} 2',
    ]);
  });

  it("have a text of the control plane as one clean line of bounded length", () => {
    const [info] = samplesOf(
      reportWith({ current: { ...current, version: `a\n\u0007${"b".repeat(9_999)}` } }),
      [],
    ).filter((line) => line.startsWith("current_info"));
    expect(info).toMatch(/^current_info\{version="a b{117}…",/);
  });

  it("have the newest run of a trigger, if a person has copied its entry", () => {
    const samples = samplesOf(reportWith({}), [run, { ...run, state: "failed" }]);
    expect(samples.filter((line) => line.startsWith("last_run_success"))).toEqual([
      'last_run_success{trigger="schedule"} 1',
    ]);
  });

  it("leave out how long a run took if an older program recorded it", () => {
    const { milliseconds: _, ...older } = run;
    expect(samplesOf(reportWith({}), [older]).join("\n")).not.toContain("duration");
  });
});

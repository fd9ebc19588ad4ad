import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/report/redaction.ts";
import { type RunReport, runReportSchema } from "../../src/report/run-report.ts";
import { sampleReport } from "./sample-report.ts";

const registration = {
  version: "2026.3.4-r1",
  appVersion: "2026.3.4",
  registeredAt: "2026-11-24T04:11:00.000Z",
  registeredBy: "prod-us/union/dataplane",
  isWanted: true,
};
const reports: readonly [string, RunReport][] = [
  ["that failed", sampleReport()],
  ["of a registration", sampleReport({ state: "registered", current: registration, exitCode: 0 })],
  ["with what was before", sampleReport({ current: registration, previous: { ...registration, version: "2026.3.3" } })],
  ["of a status", sampleReport({ command: "status", state: "known", versions: [{ version: "2026.3.4" }] })],
];

/** Where the schema finds something wrong. */
function wrong(report: object): string[] {
  return (runReportSchema.safeParse(report).error?.issues ?? []).map(({ path, code }) => [...path, code].join("."));
}

describe("a report as JSON", () => {
  it.each(reports)("%s is as its schema says, and the same once read back", (_name, report) => {
    expect(wrong(report)).toEqual([]);
    expect(runReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it("needs no subject, where the settings could not be read", () => {
    const { subject: _, ...report } = sampleReport();
    expect(wrong(report)).toEqual([]);
  });

  it.each([
    ["another form's number", { ...sampleReport(), schemaVersion: 2 }, "schemaVersion.invalid_value"],
    ["a state that is not known", { ...sampleReport(), state: "fine" }, "state.invalid_value"],
    ["a key that is not known", { ...sampleReport(), secret: "x" }, "unrecognized_keys"],
    ["a broken exit code", { ...sampleReport(), exitCode: 0.5 }, "exitCode.invalid_type"],
    [
      "a local time",
      sampleReport({ current: { ...registration, registeredAt: "2026-11-24T04:11:00+01:00" } }),
      "current.registeredAt.invalid_format",
    ],
  ])("has not %s", (_name, report, where) => {
    expect(wrong(report)).toEqual([where]);
  });

  it.each(["c4n4ry-secret", 'c4n4ry"quoted"', "c4n4ry\\back\\slash", "c4n4ry\nof two lines", "c4n4ry ✓ 😀 é"])(
    "keeps no secret and stays JSON: %j",
    (secret) => {
      const redactor = createRedactor((text) => text);
      redactor.protect(secret);
      const report = sampleReport({ summary: `it was ${secret}.`, findings: [] });
      const shown = redactor.redact(JSON.stringify(report, null, 2));
      expect(shown).not.toContain("c4n4ry");
      expect(runReportSchema.parse(JSON.parse(shown))).toEqual({ ...report, summary: "it was [redacted]." });
    },
  );
});

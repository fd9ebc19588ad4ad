import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordedRuns, statusOf } from "../../src/cluster/status.ts";
import { reportWith } from "./reports.ts";

const time = new Date("2026-11-24T12:00:00Z");
const current = { version: "2026.3.4", appVersion: "2026.3.4", isWanted: true };

describe("the status of a run", () => {
  it("is its trigger's entry and the current registration, as `status` reads them back", () => {
    const data = statusOf(reportWith({ current }), time);
    expect(Object.keys(data)).toEqual(["upgrade", "current"]);
    expect(JSON.parse(data["current"] ?? "")).toEqual({ ...current, seen: "2026-11-24T12:00:00.000Z" });
    expect(recordedRuns(data)).toEqual([
      {
        ...{ trigger: "upgrade", time: "2026-11-24T12:00:00.000Z", command: "register", state: "registered" },
        ...{ summary: "2026.3.4 is current", exitCode: 0, codes: [], appVersion: "2026.3.4", registrar: "0.0.0" },
      },
    ]);
  });

  it("leaves the last known registration where this run saw none", () => {
    expect(Object.keys(statusOf(reportWith({ state: "failed" }), time))).toEqual(["upgrade"]);
  });

  it("is bounded, whatever is told: a ConfigMap holds 1 MiB", () => {
    const long = fc.string({ maxLength: 20_000, unit: "binary" });
    const finding = fc.record({ code: fc.constant("flyte-failed"), what: long, why: long, fix: long, next: long });
    const findings = fc.array(
      finding.map((texts) => ({ ...texts, severity: "error" as const })),
      { maxLength: 60 },
    );
    const property = fc.property(findings, long, (found, summary) => {
      const text = JSON.stringify(statusOf(reportWith({ findings: found, summary }), time));
      expect(text.length).toBeLessThan(16_384);
    });
    fc.assert(property);
  });

  it("reads the newest run first, and leaves out what is no run of ours", () => {
    const older = statusOf(reportWith({}, "install"), new Date("2026-11-23T12:00:00Z"));
    const data = { ...older, ...statusOf(reportWith({}), time), note: "by hand", json: '{"a":1}' };
    expect(recordedRuns(data).map(({ trigger }) => trigger)).toEqual(["upgrade", "install"]);
  });
});

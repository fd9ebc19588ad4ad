import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  annotationsOf,
  announcement,
  recordedRuns,
  rememberedIn,
  statusOf,
} from "../../src/cluster/status-config-map.ts";
import { registrationMetrics } from "../../src/report/metrics/registration-metrics.ts";
import { reportWith } from "../../testing/findings/sample-reports.ts";

const time = new Date("2026-11-24T12:00:00Z");
const us = "prod-us/union/dataplane";
const current = { version: "2026.3.4", appVersion: "2026.3.4", registeredBy: us, isWanted: true };

/** The subject of a run of that Helm release. */
function subjectOf(release: string): ReturnType<typeof reportWith>["subject"] {
  const { subject } = reportWith({});
  return subject && { ...subject, release };
}

describe("the status of a run", () => {
  it("is its trigger's entry and the current registration, as `status` reads them back", () => {
    const data = statusOf(reportWith({ current, subject: subjectOf("prod-eu/union/dataplane") }), time);
    expect(Object.keys(data)).toEqual(["upgrade", "metrics", "current"]);
    expect(JSON.parse(data["current"] ?? "")).toEqual({ ...current, seen: "2026-11-24T12:00:00.000Z" });
    expect(recordedRuns(data)).toEqual([
      {
        trigger: "upgrade",
        time: "2026-11-24T12:00:00.000Z",
        command: "register",
        state: "registered",
        summary: "2026.3.4 is current",
        exitCode: 0,
        codes: [],
        appVersion: "2026.3.4",
        registrar: "0.0.0",
        milliseconds: 1,
      },
    ]);
  });

  it("has the metrics that `status` prints, of this run", () => {
    const report = reportWith({ current });
    const data = statusOf(report, time);
    expect(data["metrics"]).toBe(`${registrationMetrics(report, recordedRuns(data))}\n`);
    expect(data["metrics"]).toContain('last_run_success{trigger="upgrade"} 1\n');
  });

  it("leaves the metrics of the last run that asked, where this one had no need to", () => {
    expect(Object.keys(statusOf(reportWith({ state: "not-due" }), time))).toEqual(["upgrade"]);
  });

  it("keeps no registration where this run has found none", () => {
    const before = statusOf(reportWith({ current }), time);
    const after = { ...before, ...statusOf(reportWith({ current: null }), time) };
    expect(after["current"]).toBe("");
    expect(rememberedIn(after).seen).toBeUndefined();
  });

  it("leaves the last known registration where this run did not see any", () => {
    expect(Object.keys(statusOf(reportWith({ state: "failed" }), time))).toEqual(["upgrade", "metrics"]);
  });

  it("is bounded, whatever is told: a ConfigMap holds 1 MiB", () => {
    const long = fc.string({ maxLength: 20_000, unit: "binary" });
    const texts = { what: long, why: long, fix: long, next: long, docs: long };
    const finding = fc.record({ code: fc.constant("flyte-failed"), ...texts });
    const findings = fc.array(
      finding.map((texts) => ({ ...texts, severity: "error" as const })),
      { maxLength: 60 },
    );
    const property = fc.property(findings, long, (found, summary) => {
      const text = JSON.stringify(statusOf(reportWith({ findings: found, summary }), time));
      expect(text.length).toBeLessThan(16_384);
    });
    fc.assert(property, { numRuns: 10 });
  });

  it("names the codes of the first ten findings", () => {
    const texts = { severity: "error", what: "what", why: "why", fix: "fix", next: "next", docs: "docs" } as const;
    const codes = Array.from({ length: 11 }, (_, index) => `flyte-failed-${index}`);
    const told = (count: number) => {
      const findings = codes.slice(0, count).map((code) => ({ code, ...texts }));
      return recordedRuns(statusOf(reportWith({ findings }), time))[0]?.codes;
    };
    expect(told(10)).toEqual(codes.slice(0, 10));
    expect(told(11)).toEqual(codes.slice(0, 10));
  });

  it("says of a failed run why it failed and how to fix it, and of a warning only its code", () => {
    const texts = {
      what: "it is refused",
      why: "401\n  Unauthorized",
      fix: "Correct it.",
      next: "kubectl get x",
      docs: "d",
    };
    const warning = { code: "a-warning", severity: "warning", ...texts, what: "minor" } as const;
    const error = { code: "an-error", severity: "error", ...texts } as const;
    const [failed] = recordedRuns(statusOf(reportWith({ state: "failed", findings: [warning, error] }), time));
    expect(failed).toMatchObject({ codes: ["a-warning", "an-error"] });
    expect(failed?.failure).toEqual({
      what: "it is refused",
      why: "401 Unauthorized",
      fix: "Correct it.",
      next: "kubectl get x",
    });
    expect(recordedRuns(statusOf(reportWith({ findings: [warning] }), time))[0]).not.toHaveProperty("failure");
  });

  it("reads the newest run first, and leaves out what is no run of ours", () => {
    const older = statusOf(reportWith({}, "install"), new Date("2026-11-23T12:00:00Z"));
    const data = {
      ...older,
      ...statusOf(reportWith({ current, subject: subjectOf(us) }), time),
      note: "manual",
      json: '{"a":1}',
    };
    expect(recordedRuns(data).map(({ trigger }) => trigger)).toEqual(["upgrade", "install"]);
  });
});

describe("the annotations of the status", () => {
  const eu = "prod-eu/union/dataplane";
  it.each([
    { whose: "wanted, by whoever owns it", found: { registeredBy: eu, isWanted: true }, is: "wanted", owner: eu },
    { whose: "our own, of other settings", found: { registeredBy: us, isWanted: false }, is: "own", owner: us },
    { whose: "another's", found: { registeredBy: eu, isWanted: false }, is: "other-owner", owner: eu },
    { whose: "a manual one", found: { registeredBy: undefined, isWanted: false }, is: "manual", owner: "" },
  ])("say that the current registration is $whose", ({ found, is, owner }) => {
    const { registeredBy, isWanted } = found;
    const { version, appVersion } = current;
    const report = reportWith({ current: { version, appVersion, isWanted, ...(registeredBy && { registeredBy }) } });
    expect(annotationsOf(report)).toEqual({
      "image-builder-registrar.union.ai/current": is,
      "image-builder-registrar.union.ai/current-owner": owner,
    });
  });

  it("say that nothing is registered", () => {
    expect(annotationsOf(reportWith({ current: null }))).toEqual({
      "image-builder-registrar.union.ai/current": "none",
      "image-builder-registrar.union.ai/current-owner": "",
    });
  });

  it("stay as they are where a run does not know what is current", () => {
    expect(annotationsOf(reportWith({ state: "failed" }))).toEqual({});
  });
});

describe("what a status remembers for the next run", () => {
  const statusAfter = (found: typeof current | (Omit<typeof current, "registeredBy"> & { registeredBy?: string })) =>
    rememberedIn(statusOf(reportWith({ current: found, subject: subjectOf(us) }), time));

  it("is nothing where there is none", () => {
    expect(rememberedIn({})).toEqual({ own: undefined, seen: undefined });
  });

  it("is what was current, and that it was our own where it is the wanted one and owned by us", () => {
    expect(statusAfter(current)).toEqual({ own: [{ version: "2026.3.4", owner: us }], seen: "2026.3.4" });
  });

  const { registeredBy: _, ...manual } = current;
  it.each([
    { whose: "another's", found: { ...current, registeredBy: "prod-eu/union/dataplane" } },
    { whose: "of a name that only begins like ours", found: { ...current, registeredBy: `${us}-2` } },
    { whose: "a manual one", found: manual },
    { whose: "ours, but not what we want", found: { ...current, isWanted: false } },
  ])("is only what was current where that is $whose", ({ found }) => {
    expect(statusAfter(found)).toEqual({ own: undefined, seen: "2026.3.4" });
  });

  it("keeps our own while another's is current, and while runs fail: a patch leaves the other keys", () => {
    const another = { ...current, version: "2026.9.1", registeredBy: "prod-eu/union/dataplane", isWanted: false };
    const data = {
      ...statusOf(reportWith({ current, subject: subjectOf(us) }), time),
      ...statusOf(reportWith({ current: another, subject: subjectOf(us) }, "schedule"), time),
      ...statusOf(reportWith({ state: "failed" }, "schedule"), time),
    };
    expect(rememberedIn(data)).toEqual({ own: [{ version: "2026.3.4", owner: us }], seen: "2026.9.1" });
  });

  it("is what was about to be registered in addition to what is our own, until a run finds its own to be current", () => {
    const own = { version: "2026.3.5", owner: "union/dataplane" };
    const found = statusOf(reportWith({ current, subject: subjectOf(us) }), time);
    const announced = { ...found, ...announcement(found, own) };
    const both = [{ version: "2026.3.4", owner: us }, own];
    expect(rememberedIn(announced)).toEqual({ own: both, seen: "2026.3.4" });
    expect(announcement(announced, own)).toEqual(announcement(found, own));
    expect(rememberedIn({ ...announced, ...found })).toEqual(rememberedIn(found));
  });

  it("is bounded, and of more announcements than that the newest", () => {
    let data = {};
    for (let version = 0; version < 50; version++) data = announcement(data, { version: `${version}`, owner: us });
    const versions = rememberedIn(data).own?.map(({ version }) => version);
    expect(versions).toEqual(["40", "41", "42", "43", "44", "45", "46", "47", "48", "49"]);
  });

  it("is nothing of what a person wrote into it that is no registration", () => {
    const nothing = { own: undefined, seen: undefined };
    for (const text of [
      "",
      "2026.3.4",
      "null",
      "[]",
      "{",
      '{"version":1}',
      '{"appVersion":"2026.3.4"}',
      '[{"owner":"union/dataplane"}]',
      '"2026.3.4"',
    ]) {
      expect(rememberedIn({ own: text, current: text })).toEqual(nothing);
    }
    for (const text of ['[{"version":"2026.3.4"}]', '[{"version":"2026.3.4","owner":null}]']) {
      expect(rememberedIn({ own: text })).toEqual(nothing);
    }
  });
});

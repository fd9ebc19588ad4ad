import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LogLine, logLineSchema } from "../../../src/report/log/log-line.ts";
import { logObserver } from "../../../src/report/log/log-observer.ts";
import { createLog } from "../../../src/report/log/log-writer.ts";
import type { Observer } from "../../../src/report/observer.ts";
import { createRedactor } from "../../../src/report/redaction.ts";
import { sampleChecks, sampleReport } from "../sample-report.ts";

const now = () => new Date("2026-11-24T12:00:00Z");

/** The lines that are written while a run is observed, each held to the schema. */
function logged(observe: (observer: Observer) => void, secret = "canary-secret"): LogLine[] {
  let written = "";
  const redactor = createRedactor((text) => text);
  redactor.protect(secret);
  const print = (text: string) => {
    written += text;
  };
  observe(logObserver(createLog("register", redactor.redactAll, now), print));
  expect(written).toMatch(/^$|\n$/);
  return written
    .split("\n")
    .slice(0, -1)
    .map((line) => logLineSchema.parse(JSON.parse(line)));
}

const checkReport = {
  schemaVersion: 1 as const,
  program: { name: "image-builder-registrar" as const, version: "1.2.3" },
  command: "check" as const,
  summary: "1 problem",
  exitCode: 3,
  milliseconds: 5,
};

/** What each line has by which it is filtered alone. */
const origin = { trigger: "upgrade", release: "prod-us/union/dataplane", appVersion: "2026.3.4" };

const step = { name: "plan", status: "ok", detail: "register 2026.3.4", milliseconds: 1 } as const;

describe("the log of a run", () => {
  it("has a line for its start, each step, each finding and its end", () => {
    const report = sampleReport();
    const lines = logged((observer) => {
      observer.begin(report);
      observer.step(step);
      observer.step({ ...step, status: "failed", detail: "" });
      observer.progress("half of it");
      observer.end(report);
    });
    const every = { time: "2026-11-24T12:00:00.000Z", command: "register" };
    const [info, warning, error] = [
      { ...every, level: "info", severity: "INFO" },
      { ...every, level: "warning", severity: "WARNING" },
      { ...every, level: "error", severity: "ERROR" },
    ];
    expect(lines).toEqual([
      { ...info, message: expect.any(String), version: "1.2.3", subject: report.subject },
      { ...info, message: "register 2026.3.4", step: "plan", outcome: "ok", milliseconds: 1 },
      { ...error, message: "plan failed", step: "plan", outcome: "failed", milliseconds: 1 },
      expect.objectContaining({ ...warning, ...origin, code: "insecure-without-token" }),
      expect.objectContaining({ ...error, ...origin, code: "control-plane-refused", why: expect.any(String) }),
      {
        ...error,
        ...origin,
        message: "failed: register failed (control-plane-refused)",
        state: "failed",
        exitCode: 3,
        milliseconds: 12_400,
      },
    ]);
    expect(lines[0]?.message).toMatch(/^image-builder-registrar 1.2.3: register .*; Helm release prod-us/);
  });

  it.each([
    [{ state: "up-to-date", findings: [] }, "info"],
    [{ state: "kept", findings: sampleReport().findings.slice(0, 1) }, "warning"],
    [{ state: "interrupted", findings: [] }, "error"],
    [{ state: "not-current", findings: [] }, "error"],
  ] as const)("of %j ends with level %s", ({ state, findings }, level) => {
    const lines = logged((observer) => observer.end(sampleReport({ state, findings: [...findings] })));
    expect(lines.at(-1)).toMatchObject({ level, state });
  });

  it.each([
    [["passed", "skipped"], 0, "info"],
    [["passed", "warning"], 0, "warning"],
    [["passed", "failed"], 3, "error"],
    [["passed", "warning"], 4, "error"],
  ] as const)(
    "of checks that %j with exit code %i ends with level %s, as that of a run",
    (statuses, exitCode, level) => {
      const checks = sampleChecks.filter(({ status }) => statuses.some((one) => one === status));
      const report = { ...checkReport, checks, exitCode };
      const lines = logged((observer) => observer.end(report));
      expect(lines.at(-1)).toMatchObject({ level, exitCode });
      expect(lines.at(-1)).not.toHaveProperty("state");
    },
  );

  it("of checks has on findings, and on its last line, what is known of their Helm release by then", () => {
    const { appVersion, ...early } = origin;
    const lines = logged((observer) => {
      observer.origin(early);
      sampleChecks.slice(2, 4).forEach(observer.check);
      observer.origin({ ...early, appVersion });
      observer.end({ ...checkReport, checks: [...sampleChecks] });
    });
    const filtered = lines.map(({ trigger, release, appVersion: version }) => ({ trigger, release, version }));
    expect(filtered).toEqual([
      { ...early, version: undefined },
      { trigger: undefined, release: undefined, version: undefined },
      { ...early, version: appVersion },
    ]);
  });

  it("has the texts of checks, and the finding of those that failed", () => {
    const lines = logged((observer) => sampleChecks.forEach(observer.check));
    expect(lines.map(({ level, category, check, code }) => [level, category, check, code])).toEqual([
      ["info", "settings", "parse", undefined],
      ["info", "control-plane", "name", undefined],
      ["error", "control-plane", "connection", "control-plane-refused"],
      ["info", "control-plane", "tls", undefined],
      ["warning", "data-plane", "cluster", "cluster-unreachable"],
    ]);
    expect(lines[0]?.message).toBe("the settings can be used: a file");
    expect(lines[3]?.message).toBe("control-plane/connection failed");
  });

  it("has a line for each image of a mirror", () => {
    const [finding] = sampleReport().findings;
    const image = { source: "a/b:1", target: "c/b:1", digest: "sha256:0", milliseconds: 5 };
    const progress = { done: 1, total: 2, running: [] };
    const lines = logged((observer) => {
      observer.imageStarted("a/b:1", progress);
      observer.imageEnded({ ...image, state: "copied" }, progress);
      if (finding) observer.imageEnded({ ...image, state: "failed", finding }, progress);
      observer.wait(["tls-untrusted", "tls-untrusted"], 4_600);
    });
    expect(lines).toMatchObject([
      { level: "info", message: "copying a/b:1", image: "a/b:1" },
      { level: "info", message: "copied: c/b:1", image: "a/b:1", target: "c/b:1", digest: "sha256:0", state: "copied" },
      { level: "warning", code: "insecure-without-token", image: "a/b:1", state: "failed" },
      { level: "info", message: "waiting because of tls-untrusted", milliseconds: 4_600 },
    ]);
  });

  it("is one object a line without the secret, whatever a text holds", () => {
    const secret = 'se"cr\\et\nof two lines';
    const hostile = fc.string({ unit: "binary" }).map((text) => `${text}${secret}${text}\r\n{"level":"info"}`);
    const property = fc.property(hostile, hostile, (detail, why) => {
      const [finding] = sampleReport().findings;
      const lines = logged((observer) => {
        observer.step({ ...step, detail });
        observer.end(sampleReport({ findings: finding ? [{ ...finding, what: detail, why }] : [] }));
      }, secret);
      expect(lines).toHaveLength(3);
      expect(JSON.stringify(lines)).not.toContain("two lines");
      expect(lines.every(({ message }) => !message.includes("\n"))).toBe(true);
    });
    fc.assert(property, { numRuns: 50 });
  });
});

import { describe, expect, it } from "vitest";
import { eventsOf } from "../../src/cluster/events.ts";
import { reportWith } from "../../testing/findings/sample-reports.ts";

const warning = {
  code: "registration-newer",
  severity: "warning" as const,
  what: "2026.9.1 is newer",
  why: "",
  fix: "Upgrade.",
  next: "registrar status",
  docs: "docs/errors.md#registration-newer",
};

describe("the Events of a run", () => {
  it("are one for each finding, and one for how it ended", () => {
    expect(eventsOf(reportWith({ state: "kept", summary: "2026.9.1 stays", findings: [warning] }))).toEqual([
      {
        type: "Warning",
        reason: "RegistrationNewer",
        message:
          "registration-newer: 2026.9.1 is newer. Upgrade. Next: registrar status docs/errors.md#registration-newer",
      },
      { type: "Normal", reason: "Kept", message: "2026.9.1 stays" },
    ]);
  });

  it("name the raw cause", () => {
    const [event] = eventsOf(reportWith({ findings: [{ ...warning, why: "said\n  so" }] }));
    expect(event?.message).toBe(
      "registration-newer: 2026.9.1 is newer. Upgrade. Next: registrar status docs/errors.md#registration-newer (said so)",
    );
  });

  it.each(["failed", "interrupted", "not-current", "build-failed"] as const)("warn of a run that ended %s", (state) => {
    expect(eventsOf(reportWith({ state })).at(-1)).toMatchObject({ type: "Warning" });
  });

  it("say of a scheduled build that it has succeeded: that is what it is for", () => {
    const report = reportWith({ command: "verify", state: "built", summary: "builds" });
    expect(eventsOf(report)).toEqual([{ type: "Normal", reason: "Built", message: "builds" }]);
  });

  it("are none for a scheduled run that found nothing to do", () => {
    const quiet = { state: "up-to-date" as const };
    expect(eventsOf(reportWith(quiet, "schedule"))).toEqual([]);
    expect(eventsOf(reportWith(quiet, "upgrade"))).toHaveLength(1);
    expect(eventsOf(reportWith({ ...quiet, findings: [warning] }, "schedule"))).toHaveLength(2);
  });

  it("are none for a scheduled run that relies on the last answer", () => {
    expect(eventsOf(reportWith({ state: "not-due" }, "schedule"))).toEqual([]);
  });

  it("are none for a scheduled run of a member to which nothing is new, and Normal where something is", () => {
    expect(eventsOf(reportWith({ state: "unchanged" }, "schedule"))).toEqual([]);
    expect(eventsOf(reportWith({ state: "observed", summary: "2026.9.0 is current" }, "schedule"))).toEqual([
      { type: "Normal", reason: "Observed", message: "2026.9.0 is current" },
    ]);
  });

  it("are of the first ten findings, and the end comes last", () => {
    const codes = Array.from({ length: 11 }, (_, index) => `flyte-failed-${String.fromCharCode(97 + index)}`);
    const reasons = (count: number) => {
      const findings = codes.slice(0, count).map((code) => ({ ...warning, code }));
      return eventsOf(reportWith({ findings })).map(({ reason }) => reason);
    };
    const firstTen = Array.from("ABCDEFGHIJ", (letter) => `FlyteFailed${letter}`);
    expect(reasons(10)).toEqual([...firstTen, "Registered"]);
    expect(reasons(11)).toEqual([...firstTen, "Registered"]);
  });

  it("stay within what Kubernetes takes, however much there is to say", () => {
    const findings = Array.from({ length: 50 }, () => ({ ...warning, why: "x".repeat(5000) }));
    const events = eventsOf(reportWith({ findings, summary: "y".repeat(5000) }));
    expect(events).toHaveLength(11);
    expect(Math.max(...events.map(({ message }) => message.length))).toBeLessThanOrEqual(1024);
    expect(events[0]?.message.endsWith("…")).toBe(true);
  });
});

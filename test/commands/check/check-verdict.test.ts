import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../../src/checks/engine/check.ts";
import { exitCodeOf, leaveOut, summaryOf } from "../../../src/commands/check/check-verdict.ts";
import type { Code } from "../../../src/findings/catalog/catalog.ts";
import { finding } from "../../../src/findings/finding.ts";

const about = { category: "control-plane", title: "", milliseconds: 1 } as const;
const endpoint = "https://union.example.com";
const refused = finding("error", "control-plane-refused", { endpoint });
const expiring = finding("warning", "tls-expires-soon", { endpoint, days: 3 });
const unreadable = finding("warning", "cluster-unreadable", { subject: "it" });

const passed: CheckResult = { ...about, name: "name", status: "passed", detail: "it resolves" };
const failed: CheckResult = { ...about, name: "connection", status: "failed", detail: "", finding: refused };
const root = { category: "control-plane", name: "connection", status: "failed" } as const;
const behind: CheckResult = {
  ...about,
  name: "tls",
  status: "skipped",
  skipped: "blocked",
  detail: "control-plane/connection failed",
  root,
};
const warned: CheckResult = { ...about, name: "expiry", status: "warning", detail: "", finding: expiring };
const notNeeded: CheckResult = {
  ...about,
  name: "other",
  status: "skipped",
  skipped: "not-needed",
  detail: "no cluster",
};
const unknown: CheckResult = {
  ...about,
  name: "config-map",
  status: "warning",
  detail: "",
  finding: unreadable,
};
const behindUnknown: CheckResult = {
  ...about,
  name: "values",
  status: "skipped",
  skipped: "blocked",
  detail: "",
  root: { category: "control-plane", name: "config-map", status: "warning" },
};

const verdict = (
  results: readonly CheckResult[],
  skip: readonly Code[] = [],
  failOn: "error" | "warning" = "error",
) => {
  const judged = leaveOut(results, skip);
  return { exitCode: exitCodeOf(judged, failOn), summary: summaryOf(judged) };
};

describe("the verdict", () => {
  it.each([
    { results: [passed, notNeeded], exitCode: 0, summary: "0 problems, 0 warnings; 1 passed, 1 skipped" },
    { results: [passed, failed, behind], exitCode: 3, summary: "1 problem, 0 warnings; 1 passed, 1 skipped" },
    { results: [warned], exitCode: 0, summary: "0 problems, 1 warning; 0 passed, 0 skipped" },
    {
      results: [warned],
      failOn: "warning" as const,
      exitCode: 4,
      summary: "0 problems, 1 warning; 0 passed, 0 skipped",
    },
    {
      results: [failed, warned],
      failOn: "warning" as const,
      exitCode: 3,
      summary: "1 problem, 1 warning; 0 passed, 0 skipped",
    },
    { results: [], exitCode: 0, summary: "0 problems, 0 warnings; 0 passed, 0 skipped" },
  ])("is $exitCode: $summary", ({ results, failOn, exitCode, summary }) => {
    expect(verdict(results, [], failOn)).toEqual({ exitCode, summary });
  });

  it("does not count an ignored finding that no check depends on", () => {
    expect(verdict([passed, failed], ["control-plane-refused"])).toEqual({
      exitCode: 0,
      summary: "0 problems, 0 warnings; 1 passed, 1 skipped",
    });
    expect(verdict([warned], ["tls-expires-soon"], "warning")).toEqual({
      exitCode: 0,
      summary: "0 problems, 0 warnings; 0 passed, 1 skipped",
    });
  });

  it("fails if checks did not run because of an ignored error, and names it", () => {
    expect(verdict([passed, failed, behind, { ...behind, name: "answers" }], ["control-plane-refused"])).toEqual({
      exitCode: 1,
      summary: "2 checks not run because of control-plane-refused (--skip); 0 warnings; 1 passed, 3 skipped",
    });
    expect(verdict([failed, behind, warned], ["control-plane-refused"])).toMatchObject({
      summary: "1 check not run because of control-plane-refused (--skip); 1 warning; 0 passed, 2 skipped",
    });
  });

  it("counts what failed in addition", () => {
    const other: CheckResult = {
      ...about,
      name: "token",
      status: "failed",
      detail: "",
      finding: finding("error", "settings-wrong", { problems: [] }),
    };
    expect(verdict([failed, behind, other], ["control-plane-refused"])).toEqual({
      exitCode: 2,
      summary: "1 problem, 0 warnings; 1 check not run because of control-plane-refused (--skip); 0 passed, 2 skipped",
    });
  });

  it("passes if checks did not run because of an ignored warning, as without --skip", () => {
    expect(verdict([unknown, behindUnknown]).exitCode).toBe(0);
    expect(verdict([unknown, behindUnknown], ["cluster-unreadable"])).toEqual({
      exitCode: 0,
      summary: "0 problems, 0 warnings; 0 passed, 2 skipped",
    });
  });
});

describe("an ignored finding", () => {
  it("is skipped, and what depends on it is not checked", () => {
    const { results } = leaveOut(
      [passed, failed, behind, unknown, behindUnknown],
      ["control-plane-refused", "cluster-unreadable"],
    );
    expect(results.map(({ status, detail }) => `${status}: ${detail}`)).toEqual([
      "passed: it resolves",
      "skipped: control-plane-refused is ignored (--skip)",
      "skipped: not checked: it needs control-plane/connection",
      "skipped: cluster-unreadable is ignored (--skip)",
      "skipped: not checked: it needs control-plane/config-map",
    ]);
    expect(results.map(({ skipped }) => skipped)).toEqual([undefined, "ignored", "blocked", "ignored", "blocked"]);
    expect(results.every(({ finding: found }) => found === undefined)).toBe(true);
  });

  it("changes nothing else", () => {
    const results = [passed, failed, behind, warned];
    expect(leaveOut(results, ["buildkit-refused"])).toEqual({ results, blockers: [], unchecked: 0 });
  });
});

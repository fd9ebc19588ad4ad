import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Page } from "../../../../src/commands/check/support-bundle/report-page/page-content.ts";
import { reportPage } from "../../../../src/commands/check/support-bundle/report-page/report-page.ts";
import { verdictOf } from "../../../../src/commands/check/support-bundle/report-page/verdict-section.ts";
import type { ReportedCheck } from "../../../../src/report/check-report.ts";

type Status = ReportedCheck["status"];

function check(status: Status, text: string, finding?: ReportedCheck["finding"]): ReportedCheck {
  const result = { category: "settings", name: text, title: text, status, detail: text, milliseconds: 1 };
  return finding ? { ...result, finding } : result;
}

/** A page that says one text wherever a stranger's may be. */
function pageSaying(text: string): string {
  const finding = {
    code: text,
    severity: "error" as const,
    what: text,
    why: `w${text}`,
    fix: text,
    next: text,
    docs: text,
  };
  const page: Page = {
    report: {
      schemaVersion: 1,
      program: { name: "image-builder-registrar", version: text },
      command: "check",
      checks: [check("passed", `d${text}`), check("failed", `d${text}`, finding)],
      summary: text,
      exitCode: 1,
      milliseconds: 5,
    },
    madeAt: "2026-11-27T00:43:00.000Z",
    subject: [{ label: text, value: text }],
    settings: [{ setting: text, value: text, source: text }],
    definition: {
      wanted: [{ label: text, value: text }],
      current: [{ label: text, value: text }],
      isWanted: false,
      fields: [{ field: text, wanted: `v${text}`, current: undefined, isDifferent: true }],
    },
  };
  return reportPage(page);
}

/** The names of its tags, in one text: it is compared a hundred times. */
const tagsOf = (page: string) => page.match(/<[^>\s]*/g)?.join();

describe("the support page", () => {
  it("has the same elements whatever strangers say", () => {
    const plain = tagsOf(pageSaying("text"));
    const markup = fc.constantFrom('"><script>', "</style>", "<img onerror=x>", "' onclick='", "<!--", "\u202e", "\0");
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(markup, fc.string({ unit: "binary" })) }), (text) => {
        expect(tagsOf(pageSaying(text))).toBe(plain);
      }),
      { numRuns: 50 },
    );
  });

  it("has every name once, and leads to none that it does not have", () => {
    const page = pageSaying("text");
    const all = (pattern: RegExp) => Array.from(page.matchAll(pattern), ([, name = ""]) => name);
    const names = all(/\sid="([^"]*)"/g);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(all(/(?:href="#|aria-labelledby=")([^"]*)"/g)));
  });

  it("folds a long cause behind its first lines", () => {
    const page = pageSaying("1\n2\n3\n4\n5\n6");
    expect(page).toContain('<div class="raw">w1\n2\n3\n4</div>');
    expect(page).toContain('<summary>2 more lines</summary><div class="raw">5\n6</div>');
  });

  it("links only to web addresses", () => {
    expect(pageSaying("https://docs.example.com/#a")).toContain('<a href="https://docs.example.com/#a"');
    expect(pageSaying("javascript:alert(1)")).not.toContain('href="javascript:');
  });

  it("allows its own style and nothing else", () => {
    const page = pageSaying("text");
    const [, style = ""] = /<style>(.*)<\/style>/s.exec(page) ?? [];
    const source = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${source}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(/<script|\sstyle="|\son\w+="|url\(|@import/);
  });

  it.each<[Status[], number, Status]>([
    [["passed", "warning", "failed"], 1, "failed"],
    [["passed", "warning", "skipped"], 0, "warning"],
    [["passed", "skipped"], 0, "passed"],
    [["passed", "skipped"], 1, "skipped"],
  ])("judges %j with exit code %i as %s", (statuses, exitCode, status) => {
    expect(verdictOf({ checks: statuses.map((one) => check(one, "a")), exitCode }).status).toBe(status);
  });

  it.each<[ReportedCheck["skipped"][], Status, string]>([
    [["not-needed", "ignored"], "passed", "All prerequisites of remote image builds are met"],
    [["not-needed", "not-here"], "skipped", "Nothing failed, but one check could not run here"],
    [["not-here", "not-here"], "skipped", "Nothing failed, but 2 checks could not run here"],
    [["not-here", "blocked"], "skipped", "Nothing failed, but not everything was checked"],
  ])("claims no more than was checked where checks were skipped as %j", (reasons, status, words) => {
    const skipped = reasons.flatMap((reason) => (reason ? { ...check("skipped", "a"), skipped: reason } : []));
    expect(verdictOf({ checks: [check("passed", "a"), ...skipped], exitCode: 0 })).toEqual({ status, words });
  });
});

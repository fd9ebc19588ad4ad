import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, shownText } from "../../src/findings/clean-text.ts";
import { finding } from "../../src/findings/finding.ts";
import { problem } from "../../src/findings/registrar-error.ts";
import { createObserver, type OutputForm } from "../../src/report/observer.ts";
import { createRedactor } from "../../src/report/redaction.ts";
import type { RunReport } from "../../src/report/run-report.ts";
import { terminationMessage } from "../../src/report/termination-message.ts";
import { described } from "../../testing/findings/described.ts";
import { sampleReport } from "../report/sample-report.ts";

/** What a terminal obeys, what reverses the direction of text, what is not shown, and separators of lines. */
const obeyed = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Clears the screen, renames the window, moves to the margin, and reads backwards. */
const attack =
  "a\u001b[2J\u001b]0;x\u0007\r\nERROR forged\n✔ plan     register (1 ms)\u009b31m\u202egnp\u2066\u200b\u2028b\ud800";

const fragment = fc.oneof(
  fc.constantFrom(
    "\u001b[31m",
    "\r",
    "\n",
    "\r\n",
    "\u0085",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u200f",
    "\ufeff",
    "\u{e0041}",
    "\ud83d",
    "\0",
    "\b",
  ),
  fc.string({ unit: "binary" }),
);
const strange = fc.array(fragment, { maxLength: 20 }).map((parts) => parts.join(""));

/** Everything that a form of output prints of a report in which each text is a stranger's. */
function outputOf(form: OutputForm, text: string): string {
  const redactor = createRedactor((literal) => literal);
  const shown: string[] = [];
  const observer = createObserver(
    form,
    false,
    (line) => shown.push(`${line}\n`),
    redactor.redactAll,
    (line) => shown.push(line),
  );
  const { code, severity, docs } = described(problem("internal-error", {}, text));
  const foreign: RunReport = {
    ...sampleReport(),
    summary: text,
    steps: [{ name: "look up", status: "ok", detail: text, milliseconds: 1 }],
    findings: [{ code, severity, what: text, why: text, fix: text, next: text, docs }],
  };
  observer.begin(sampleReport());
  observer.step({ name: "look up", status: "ok", detail: text, milliseconds: 1 });
  observer.check({ category: "network", name: "dns", title: text, status: "passed", detail: text, milliseconds: 1 });
  observer.end(foreign);
  return `${shown.join("")}${terminationMessage(redactor.redactAll(foreign), redactor.redact)}`;
}

describe("a stranger's text", () => {
  it("keeps its words and lines, and loses what a terminal obeys", () => {
    expect(cleanText(attack)).toBe("a [2J ]0;x \nERROR forged\n✔ plan     register (1 ms) 31m gnp   b ");
    expect(cleanText("größer als 3 GB → naïve 日本語 🚀")).toBe("größer als 3 GB → naïve 日本語 🚀");
  });

  it("loses what shows as nothing or as a blank, but for what makes emoji", () => {
    expect(cleanText("a\u3164b\u2800c\u034fd\u115fe ☂\ufe0f")).toBe("a b c d e ☂\ufe0f");
  });

  it("has nothing of that left, whatever it is", () => {
    fc.assert(fc.property(strange, (text) => !obeyed.test(cleanText(text))));
  });

  it("is cut before it fills a log", () => {
    expect(shownText("a".repeat(1e6))).toHaveLength(10_000);
  });

  it.each(["text", "short", "json"] as const)("cannot write to a terminal in the form %s", (form) => {
    expect(outputOf(form, attack).replaceAll("\r\u001b[2K", "")).not.toMatch(obeyed);
    expect(outputOf(form, attack)).toContain("ERROR forged");
  });

  it("does not begin a line that looks like one of ours", () => {
    for (const form of ["text", "short"] as const) {
      const lines = outputOf(form, attack).split("\n");
      expect(lines.filter((line) => /^(?:ERROR forged|✔ plan)/.test(line))).toEqual([]);
    }
  });

  it("adds no line to the texts of a finding but to its reason", () => {
    const found = described(finding("error", "control-plane-rejected", { endpoint: attack, request: attack }, attack));
    for (const text of [found.what, found.fix, found.next]) expect(text).not.toMatch(/\n/);
  });
});

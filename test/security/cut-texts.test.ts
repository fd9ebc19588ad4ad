import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRefusal } from "../../src/control-plane/auth/token-answer.ts";
import { shownText } from "../../src/findings/clean-text.ts";
import { beginningOf, endOf } from "../../src/findings/cut-text.ts";
import { describeAnswer } from "../../src/network/http-answer.ts";
import { describeRegistryAnswer } from "../../src/registry/registry-answer.ts";
import { createRedactor } from "../../src/report/redaction.ts";
import { shownWords } from "../../src/smoke-build/failures/build-words.ts";

const sources = join(import.meta.dirname, "../../src");
const secret = "canary/Secr3t+with%signs&=0123456789";
const redactor = createRedactor((text) => text);
redactor.protect(secret);

const answerOf = (body: object) => ({ status: 401, header: () => undefined, body: JSON.stringify(body) });

/** What shows a part of a stranger's text. */
const cutting: [string, (text: string) => string][] = [
  [
    "a token endpoint",
    (text) => readRefusal({ status: 401, headers: {}, text: JSON.stringify({ error_description: text }) }).why,
  ],
  ["a registry", (text) => describeRegistryAnswer(answerOf({ errors: [{ code: "DENIED", message: text }] }))],
  ["a gateway", (text) => describeAnswer({ status: 503, header: () => undefined, body: text })],
  ["a build", shownWords],
  ["a finding", shownText],
];

describe("a secret where a text is cut", () => {
  it.each(cutting)("is shown neither whole nor in part: %s", (_name, show) => {
    for (const repeated of [100, 110, 600, 980, 9_990])
      for (let before = repeated - 40; before <= repeated + 20; before++) {
        const shown = redactor.redact(show(`${"x".repeat(before)}${secret}${"y".repeat(12_000)}`));
        // Beginnings and ends of fewer than four characters are in any word.
        expect(shown).not.toMatch(/cana|6789/);
      }
  });

  it("is found where its end is left", () => {
    for (let after = 0; after < 40; after++)
      expect(redactor.redact(endOf(`${"x".repeat(99)}${secret}${"y".repeat(after)}`, 50))).not.toContain("6789");
  });

  it("leaves a text that has room as it is", () => {
    expect([beginningOf("abcd", 4), endOf("abcd", 4)]).toEqual(["abcd", "abcd"]);
    expect([beginningOf("abcde", 4), endOf("abcde", 4)]).toEqual(["abc…", "…cde"]);
  });
});

/** Parts of lists, texts of our own, and texts that are redacted before or whose cut shows by another mark. */
const known = [
  "tag.slice(0, 128)",
  "tags.slice(0, mostTags)",
  'split("\\n").slice(-5)',
  'split("\\n").slice(-20)',
  "images.slice(0, mostNamed",
  "namespaces.slice(0, mostNamed)",
  "findings.slice(0, maximalFindings)",
  "[...others, { version, owner }].slice(-maximalOwn)",
  "{lines.slice(0, longestBeginning).trimEnd()} …",
  "{text.slice(0, longest)} …",
  ".slice(0, lineWidth)",
];

const cut = /\.(?:slice|substring)\((?:0, (?:\d{3,}|\w*(?:longest|most|maximal|searched|width)\w*)|-)/i;

describe("the sources", () => {
  it("cut a text only so that it shows", () => {
    const cuts = globSync("**/*.ts", { cwd: sources, exclude: ["findings/cut-text.ts"] }).flatMap((file) =>
      readFileSync(join(sources, file), "utf8")
        .split("\n")
        .filter((line) => cut.test(line) && !known.some((piece) => line.includes(piece)))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(cuts).toEqual([]);
  });
});

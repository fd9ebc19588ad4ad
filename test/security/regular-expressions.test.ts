import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const sources = join(import.meta.dirname, "../../src");

/** A literal of a regular expression, as this repository writes them: followed by punctuation or the end of an argument. */
const literal = /(?<![\w)\]])\/(?![/*])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)(?=[.,;)\s\]])/g;

/** Characters of a text that an expression is tried on. */
const length = 60_000;

/**
 * Milliseconds of CPU after which an expression counts as one whose time grows with the square of the length: such a one takes some
 * thirteen hundred, any other about one.
 */
const most = 500;

/** Texts that make a person's expressions slow: a piece of the expression itself, or of what separates words, again and again. */
function piecesFor(source: string): Set<string> {
  const plain = source
    .replace(/\\[bBwWdDsS]|\(\?[:=!]|\(\?<[=!]/g, " ")
    .replace(/\\([nrt])/g, (_, letter: string) => ({ n: "\n", r: "\r", t: "\t" })[letter] ?? letter)
    .replace(/\\(.)/g, "$1")
    .replace(/\[[^\]]*\]/g, "a");
  const words = plain.split(/[|()^$*+?{}\s]+/);
  const phrases = plain.split(/[|()^$]/).map((part) => part.replace(/[*+?]/g, ""));
  const separators = [
    "a",
    " ",
    "0",
    "-",
    ".",
    "\n",
    '"',
    "\\",
    "=",
    "/",
    ",",
    "a ",
    "a.",
    "=a",
    " =",
    '"\\',
    "<",
    "[a",
  ];
  return new Set([...words, ...phrases, ...separators].filter((piece) => piece !== ""));
}

const expressions = globSync("**/*.ts", { cwd: sources }).flatMap((file) => {
  const code = readFileSync(join(sources, file), "utf8")
    .split("\n")
    .filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line))
    .join("\n");
  return [...code.matchAll(literal)].flatMap(([, source = "", flags = ""]) => {
    try {
      return [{ file: relative(".", file), expression: new RegExp(source, flags) }];
    } catch {
      // A path in an import, not an expression.
      return [];
    }
  });
});

/** Milliseconds of CPU, which a busy machine does not lengthen, for the worst of the texts or the first that takes too many, and the piece that it is made of. */
function worstOf(expression: RegExp): { milliseconds: number; piece: string } {
  let worst = { milliseconds: 0, piece: "" };
  for (const piece of piecesFor(expression.source)) {
    // What ends none of the expressions is last, so that each is tried in every way.
    const text = `${piece.repeat(Math.ceil(length / piece.length)).slice(0, length)}\u0001`;
    expression.lastIndex = 0;
    const before = process.cpuUsage();
    expression.test(text);
    const milliseconds = process.cpuUsage(before).user / 1_000;
    if (milliseconds > worst.milliseconds) worst = { milliseconds, piece };
    if (milliseconds > most) break;
  }
  return worst;
}

describe("regular expressions on strangers' texts", () => {
  it("are found", () => {
    expect(expressions.length).toBeGreaterThan(400);
  });

  it("take no time to speak of, whatever the text is", () => {
    const slow = expressions.flatMap(({ file, expression }) => {
      const { milliseconds, piece } = worstOf(expression);
      return milliseconds > most ? [`${file}: ${expression} takes ${milliseconds} ms on ${JSON.stringify(piece)}`] : [];
    });
    expect(slow).toEqual([]);
  });

  it("of the kinds that were found here are recognized as slow", () => {
    for (const slow of [/\/+$/, /^\s*version/m, /\b([\w.-]+@[\w-]+\.com)\b/])
      expect(worstOf(slow).milliseconds, String(slow)).toBeGreaterThan(most);
  });
});

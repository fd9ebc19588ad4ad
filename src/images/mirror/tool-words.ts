import { stripVTControlCharacters } from "node:util";
import { beginningOf } from "../../findings/cut-text.ts";

/** Longest part of a tool's output that is shown, in characters. */
const longestWords = 400;

/**
 * What a tool says of its failure, in one line: its last line that speaks of an error, else its last line.
 * @param output standard error of the tool
 */
export function toolWords(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split(/[\r\n]+/)
    .map((line) =>
      messageOf(line)
        .replace(/[\s\p{Cc}\u{fffd}]+/gu, " ")
        .trim(),
    )
    .filter((line) => line !== "");
  const words =
    lines.findLast((line) => /error|fatal|fail|denied|unauthorized|unknown|refused/i.test(line)) ?? lines.at(-1);
  return beginningOf(words ?? "", longestWords);
}

/** skopeo and regctl log `time="…" level=fatal msg="…"`. */
function messageOf(line: string): string {
  const [, quoted] = /\bmsg="((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
  return quoted === undefined ? line : quoted.replaceAll(/\\(.)/g, "$1");
}

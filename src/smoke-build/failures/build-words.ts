import { stripVTControlCharacters } from "node:util";
import { endOf } from "../../findings/cut-text.ts";

/** Longest reason that is shown, in characters. */
const longestWords = 1000;

/** Of a longer one, how much of its beginning is shown. */
const longestBeginning = 300;

/** Longest text that is searched, in characters: the end of a log has what counts. */
const longestText = 100_000;

/**
 * A stranger's text as plain lines: without colours and control characters, and with the quotes and line ends that a structured
 * log (logfmt) escapes in its messages. Empty lines stay, because they end a paragraph.
 * @param text anything, of any length
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(endOf(text, longestText))
    .replace(/[^\P{Cc}\n]/gu, " ")
    .split("\n")
    .map((line) => (/^time=|\blevel=\w+ /.test(line) ? unescapeRecord(line) : line).trimEnd())
    .join("\n");
}

/** `time="…" level=fatal msg="failed" error="failed to solve: \"a\""` has its message and its error as a line of its own. */
function unescapeRecord(line: string): string {
  const fields = Array.from(
    line.matchAll(/(?:^| )(msg|error|err)=(?:"((?:[^"\\]|\\.)*)"?|(\S+))/g),
    ([, , quoted, bare = ""]) => (quoted === undefined ? bare : unescapeText(quoted)),
  );
  if (fields.length === 0) return line;
  const text = fields.join(": ");
  return /\blevel=(?:fatal|error|panic)\b/.test(line) ? `error: ${text.replace(/^error: /, "")}` : text;
}

function unescapeText(quoted: string): string {
  return quoted.replace(/\\(n|t|["\\])/g, (_, escaped: string) => {
    if (escaped === "n") return "\n";
    return escaped === "t" ? " " : escaped;
  });
}

/**
 * A stranger's text as it may be shown as a reason: clean lines, without the queries and the user parts of URLs, which may hold
 * credentials.
 * @returns at most 1000 characters, of several lines
 */
export function shownWords(text: string): string {
  const lines = plainText(text)
    .replace(/(\bhttps?:\/\/)[^\s/"'@]*@/g, "$1")
    .replace(/\bhttps?:\/\/[^\s"'<>]+/g, withoutQuery)
    .split("\n")
    .map((line) => line.replace(/[\s\p{Cc}\u{fffd}]+/gu, " ").trim())
    .filter((line) => line !== "")
    .join("\n");
  if (lines.length <= longestWords) return lines;
  // What an error is about is at its beginning, and its cause at its end.
  return `${lines.slice(0, longestBeginning).trimEnd()} … ${lines.slice(lines.length - (longestWords - longestBeginning - 3)).trimStart()}`;
}

/** A URL up to its query; a colon at its end belongs to the sentence around it. */
function withoutQuery(url: string): string {
  const query = url.indexOf("?");
  if (query < 0) return url;
  return `${url.slice(0, query)}${url.endsWith(":") ? ":" : ""}`;
}

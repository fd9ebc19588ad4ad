import { stripVTControlCharacters } from "node:util";

/** Makes plain text of a terminal's output: without colours, links, carriage returns and repeated blank lines. */
export function toPlainText(output: string): string {
  return stripVTControlCharacters(output)
    .replace(/\r/g, "")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line, index, lines) => line !== "" || lines[index - 1] !== "")
    .join("\n")
    .trim();
}

/**
 * Finds the error message in the CLI's output: the text in the box titled "Error", in one line and without the phrases
 * that the SDK wraps around the cause; otherwise the error of a Python traceback; otherwise the last line.
 */
export function findLastMessage(stdout: string, stderr: string): string {
  const text = toPlainText(`${stdout}\n${stderr}`);
  const box = /╭─ Error ─*╮\n([\s\S]*?)╰─*╯/.exec(text)?.[1];
  if (box === undefined) {
    const lines = text.split("\n").map((line) => line.trim());
    return lines.findLast((line) => /^[\w.]+(Error|Exception): /.test(line)) ?? lines.at(-1) ?? "";
  }
  const joined = box
    .split("\n")
    .map((line) => line.replace(/^│\s?|\s*│$/g, "").trim())
    .join(" ")
    .trim();
  return joined
    .replace(/^(Error invoking command: )+/, "")
    .replace(/^\w+ failure, \w+\. (?=Failed to deploy)/, "")
    .replace(/^Failed to deploy task \S+ \S+ with image \S+, Error: /, "");
}

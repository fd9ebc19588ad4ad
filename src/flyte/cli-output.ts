import { stripVTControlCharacters } from "node:util";

/** What a terminal program printed, as plain text: no colours, links, carriage returns or lines of blanks. */
export function plainText(output: string): string {
  return stripVTControlCharacters(output)
    .replace(/\r/g, "")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line, index, lines) => line !== "" || lines[index - 1] !== "")
    .join("\n")
    .trim();
}

/**
 * The message that the CLI ended with: the text inside its box titled "Error", joined to one line, without the phrases
 * that the SDK wraps around the cause; else what a Python traceback is about; else the last line that it printed.
 */
export function lastMessage(stdout: string, stderr: string): string {
  const text = plainText(`${stdout}\n${stderr}`);
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

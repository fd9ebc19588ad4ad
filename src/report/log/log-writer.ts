import type { ReportedFinding } from "../described-finding.ts";
import type { LogLine } from "./log-line.ts";

/** What a line says, without what every line of a run has. */
export type LogEntry = Omit<LogLine, "time" | "command">;

/** Writes a line of the log. */
export type WriteEntry = (entry: LogEntry) => void;

/**
 * Makes what writes one JSON object a line.
 * @param write prints a text as it is: secrets are removed before the entry becomes JSON, so that it stays JSON
 */
export function logWriter(
  command: string | undefined,
  write: (text: string) => void,
  redactAll: <T>(value: T) => T,
  now: () => Date,
): WriteEntry {
  return ({ level, message, ...others }) => {
    const line: LogLine = {
      time: now().toISOString(),
      level,
      message: inOneLine(message),
      ...(command !== undefined && { command }),
      ...others,
    };
    write(`${JSON.stringify(redactAll(line))}\n`);
  };
}

/** A finding as an entry. */
export function findingEntry({ severity, what, ...texts }: ReportedFinding): LogEntry {
  return { level: severity, message: what, ...texts };
}

function inOneLine(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("; ");
}

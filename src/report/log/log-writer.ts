import type { ReportedFinding } from "../described-finding.ts";
import type { LogLine } from "./log-line.ts";

/** Which Helm release a run is of, and why it runs. */
type LogOrigin = Pick<LogLine, "trigger" | "release" | "appVersion">;

/** What a line says, without what is added to it. */
export type LogEntry = Omit<LogLine, "time" | "severity" | "command" | keyof LogOrigin>;

/** Writes a line of the log. */
type WriteEntry = (entry: LogEntry) => void;

/** The log of a run, on as many streams as it has. */
export interface Log {
  /**
   * Makes what writes one JSON object a line.
   * @param print prints a text as it is: secrets are removed before the entry becomes JSON, so that it stays JSON
   */
  writerTo(print: (text: string) => void): WriteEntry;
  /** Names the origin of the lines from now on: findings and last lines have it. */
  learn(origin: LogOrigin): void;
}

const severities = { info: "INFO", warning: "WARNING", error: "ERROR" } as const;

/** Makes the log of a run of a command. */
export function createLog(command: string | undefined, redactAll: <T>(value: T) => T, now: () => Date): Log {
  let origin: LogOrigin = {};
  return {
    learn: ({ trigger, release, appVersion }) => {
      origin = { trigger, release, appVersion };
    },
    writerTo:
      (print) =>
      ({ level, message, ...others }) => {
        const isFiltered = others.code !== undefined || others.exitCode !== undefined;
        const line: LogLine = {
          time: now().toISOString(),
          level,
          severity: severities[level],
          message: inOneLine(message),
          ...(command !== undefined && { command }),
          ...(isFiltered && origin),
          ...others,
        };
        print(`${JSON.stringify(redactAll(line))}\n`);
      },
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

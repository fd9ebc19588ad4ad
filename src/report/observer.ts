import type { ReportedCheck } from "./check-report.ts";
import { checkPrinter } from "./check-text.ts";
import type { Report } from "./report.ts";
import type { RunReport, Step } from "./run-report.ts";
import { closing, findingLine, headline, painter, stepLine } from "./text.ts";

/** The forms of output. */
export const outputForms = ["text", "json", "short"] as const;
export type OutputForm = (typeof outputForms)[number];

/** Shows what happens while a command runs, as far as its form of output does. */
export interface Observer {
  /** A run begins. */
  begin(report: Pick<RunReport, "command" | "subject" | "program">): void;
  step(step: Step): void;
  check(result: ReportedCheck): void;
  /** The checks are repeated after a pause, because of findings with these codes. */
  wait(codes: readonly string[], milliseconds: number): void;
  /** The command has ended. */
  end(report: Report): void;
}

const silent: Observer = {
  begin() {},
  step() {},
  check() {},
  wait() {},
  end() {},
};

/**
 * The observer of a form of output.
 * @param write prints a text and a line break, secrets removed
 * @param redactAll removes the secrets from a value before it becomes JSON
 */
export function createObserver(
  form: OutputForm,
  colour: boolean,
  write: (text: string) => void,
  redactAll: <T>(value: T) => T,
): Observer {
  switch (form) {
    case "text":
      return textObserver(colour, write);
    case "short":
      return { ...silent, end: (report) => linesOf(report).forEach(write) };
    case "json":
      return { ...silent, end: (report) => write(JSON.stringify(redactAll(report), null, 2)) };
  }
}

function textObserver(colour: boolean, write: (text: string) => void): Observer {
  const paint = painter(colour);
  const printCheck = checkPrinter(colour);
  return {
    begin: (report) => write(`${headline(report)}\n`),
    step: (step) => write(stepLine(step, paint)),
    check: (result) => write(printCheck(result)),
    wait: (codes, milliseconds) =>
      write(`waiting: ${[...new Set(codes)].join(", ")}; again in ${(milliseconds / 1000).toFixed(0)} s`),
    end: (report) => write(report.command === "check" ? `\n${report.summary}` : closing(report, paint)),
  };
}

/** One line for each finding, and the summary. */
function linesOf(report: Report): string[] {
  if (report.command !== "check") {
    return [...report.findings.map((found) => findingLine(found, "")), `${report.state}: ${report.summary}`];
  }
  const lines = report.checks.flatMap(({ category, name, finding }) =>
    finding ? [findingLine(finding, ` (${category}/${name})`)] : [],
  );
  return [...lines, report.summary];
}

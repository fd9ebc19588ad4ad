import type { ReportedCheck } from "./check-report.ts";
import { checkPrinter } from "./check-text.ts";
import { registrationMetrics } from "./metrics/registration-metrics.ts";
import type { ReportedImage } from "./mirror-report.ts";
import { imageLine, type MirrorProgress, mirrorClosing, progressLine } from "./mirror-text.ts";
import { outlineOf, type Report } from "./report.ts";
import type { RunReport, Step } from "./run-report.ts";
import {
  closing,
  findingLine,
  headline,
  joinLines,
  lineWidth,
  offMargin,
  type Paint,
  painter,
  stepLine,
} from "./text.ts";

/** The forms of output that every report has. */
export const outputForms = ["text", "json", "short"] as const;
/** Those of `status`, whose report is also one for a monitoring system. */
export const statusForms = [...outputForms, "openmetrics"] as const;
export type OutputForm = (typeof statusForms)[number];

/** Shows what happens while a command runs, as far as its form of output does. */
export interface Observer {
  /** A run begins. */
  begin(report: Pick<RunReport, "command" | "subject" | "program">): void;
  /** Which Helm release the checks are about, and its appVersion once it is known. */
  origin(origin: Pick<NonNullable<RunReport["subject"]>, "trigger" | "release" | "appVersion">): void;
  step(step: Step): void;
  /** What is going on, until the next step ends: shown on a terminal only. */
  progress(text: string): void;
  check(result: ReportedCheck): void;
  /** The checks are repeated after a pause, because of findings with these codes. */
  wait(codes: readonly string[], milliseconds: number): void;
  /** An image of a mirror is being copied now. */
  imageStarted(source: string, progress: MirrorProgress): void;
  /** An image of a mirror has been dealt with. */
  imageEnded(image: ReportedImage, progress: MirrorProgress): void;
  /** The command has ended. */
  end(report: Report): void;
}

const silent: Observer = {
  begin() {},
  origin() {},
  step() {},
  progress() {},
  check() {},
  wait() {},
  imageStarted() {},
  imageEnded() {},
  end() {},
};

/**
 * The observer of a form of output.
 * @param write prints a text and a line break, secrets removed
 * @param redactAll removes from a value what may not be shown: secrets, and what a terminal obeys
 * @param draw prints a text without a line break, on a terminal, where a line can be overwritten
 */
export function createObserver(
  form: OutputForm,
  colour: boolean,
  write: (text: string) => void,
  redactAll: <T>(value: T) => T,
  draw?: (text: string) => void,
): Observer {
  switch (form) {
    case "text":
      return showing(textObserver(colour, write, draw), redactAll);
    case "short":
      return showing({ ...silent, end: (report) => linesOf(report).forEach(write) }, redactAll);
    case "json":
      return { ...silent, end: (report) => write(JSON.stringify(redactAll(report), null, 2)) };
    case "openmetrics":
      return { ...silent, end: (report) => write(metricsOf(redactAll(report))) };
  }
}

/** An observer that gets everything as it may be shown; what it adds itself, such as colours, is not touched. */
function showing(observer: Observer, redactAll: <T>(value: T) => T): Observer {
  return {
    begin: (report) => observer.begin(redactAll(report)),
    origin: observer.origin,
    step: (step) => observer.step(redactAll(step)),
    progress: (text) => observer.progress(redactAll(text).replaceAll("\n", " ")),
    check: (result) => observer.check(redactAll(result)),
    wait: observer.wait,
    imageStarted: (source, progress) => observer.imageStarted(redactAll(source), redactAll(progress)),
    imageEnded: (image, progress) => observer.imageEnded(redactAll(image), redactAll(progress)),
    end: (report) => observer.end(redactAll(report)),
  };
}

/** Returns to the start of the line and clears it. */
const clearLine = "\r\x1b[2K";

function textObserver(colour: boolean, write: (text: string) => void, draw?: (text: string) => void): Observer {
  const paint = painter(colour);
  const printCheck = checkPrinter(colour);
  let isLineOpen = false;
  const closeLine = () => {
    if (isLineOpen) draw?.(clearLine);
    isLineOpen = false;
  };
  return {
    begin: (report) => write(`${headline(report)}\n`),
    origin() {},
    step: (step) => {
      closeLine();
      write(stepLine(step, paint));
    },
    progress: (text) => {
      if (!draw) return;
      draw(`${clearLine}${paint("dim", `… ${text}`.slice(0, lineWidth))}`);
      isLineOpen = true;
    },
    check: (result) => write(printCheck(result)),
    wait: (codes, milliseconds) =>
      write(`waiting: ${[...new Set(codes)].join(", ")}; again in ${(milliseconds / 1000).toFixed(0)} s`),
    imageStarted: (source, progress) =>
      draw ? draw(`${clearLine}${progressLine(progress)}`) : write(`copying ${source}`),
    imageEnded: (image, progress) => {
      draw?.(clearLine);
      write(imageLine(image, paint));
      if (progress.done < progress.total) draw?.(progressLine(progress));
    },
    end: (report) => {
      closeLine();
      write(endOf(report, paint));
    },
  };
}

function metricsOf(report: Report): string {
  if (report.command === "check" || report.command === "images mirror") return "";
  return registrationMetrics(report, report.runs ?? []);
}

function endOf(report: Report, paint: Paint): string {
  if (report.command === "check") return `\n${offMargin(report.summary)}`;
  return report.command === "images mirror" ? mirrorClosing(report, paint) : closing(report, paint);
}

/** One line for each finding, and the summary. */
function linesOf(report: Report): string[] {
  if (report.command === "check") {
    const lines = report.checks.flatMap(({ category, name, finding }) =>
      finding ? [findingLine(finding, ` (${category}/${name})`)] : [],
    );
    return [...lines, joinLines(report.summary)];
  }
  const { summary, findings } = outlineOf(report);
  return [...findings.map((found) => findingLine(found, "")), joinLines(summary)];
}

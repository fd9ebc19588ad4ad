import { plainText } from "./build-words.ts";

/** What the log of a build says about its failure; each part is empty if the log does not have it. */
export interface BuildLog {
  /** The last error with the lines that follow it: what a registry says is on a line of its own. */
  error: string;
  /** The step that failed: `exporting to image`, `[internal] load metadata for docker.io/library/python:3.12`. */
  step: string;
  /** What the progress says of that step: it names the image of a push, which the last error may leave out. */
  stepError: string;
  /** What the step itself printed. */
  output: string;
}

/** How the kubelet's words about a container that has ended precede the end of its log. */
export interface ContainerEnd {
  exitCode: number;
  /** `Error`, `OOMKilled` */
  reason: string;
  /** The end of the log, cut at 2048 bytes or 80 lines: it may begin anywhere. */
  tail: string;
}

/**
 * Takes Flyte's words about a container apart.
 * Source: flyteplugins/go/tasks/pluginmachinery/flytek8s/pod_helper.go, DemystifyFailure.
 * @returns nothing if the text is about something else
 */
export function readContainerEnd(error: string): ContainerEnd | undefined {
  const ends = error.split(/\r?\n(?=\[[\w.-]+\] terminated with )/).flatMap((text) => {
    const [, container, exitCode, reason = "", rest = ""] = containerEnd.exec(text) ?? [];
    if (exitCode === undefined) return [];
    return { container, exitCode: Number(exitCode), reason, tail: rest.replace(/\n?\.\s*$/, "") };
  });
  // A sidecar may have ended too.
  return ends.find(({ container }) => container === "main") ?? ends[0];
}

const containerEnd =
  /\[([\w.-]+)\] terminated with exit code \((\d+)\)\. Reason \[(\w*)\]\. Message: ?\r?\n?([\s\S]*)$/;

/** Starts the last paragraph; buildctl, uv in a step's own lines, and Go's errors in a structured log. */
const errorStart = /^(?:#\d+ )?(?:\d+\.\d+ )?(?:\S{0,40} )?error: |\bfailed to solve: /i;

/** What follows an error and is no part of it: progress of other steps, the next record of a structured log. */
const otherLine = /^(?:#\d+ |time=|------$)/;

/**
 * Finds the failure in the plain progress of buildctl, or in a part of it that begins anywhere.
 * @param text anything, of any length
 */
export function readBuildLog(text: string): BuildLog {
  const lines = plainText(text).split("\n");
  const block = readBlock(lines);
  const start = lines.findLastIndex((line, index) => index > block.end && errorStart.test(line));
  const from = start >= 0 ? start : block.end + 1;
  const paragraph = lines.slice(from);
  const end = paragraph.findIndex((line, index) => index > 0 && otherLine.test(line));
  const stepError = lines.findLast((line) => /^#\d+ ERROR: /.test(line)) ?? "";
  return {
    error: (end < 0 ? paragraph : paragraph.slice(0, end)).join("\n").trim(),
    step: block.step,
    stepError: stepError.replace(/^#\d+ ERROR: /, ""),
    output: block.output ?? printed(lines.slice(0, from)),
  };
}

/** buildctl shows a step that has failed, and what it printed, between two lines of six dashes. */
function readBlock(lines: readonly string[]): { step: string; output: string | undefined; end: number } {
  const end = lines.lastIndexOf("------");
  // The opening line may be cut off.
  const title = lines.findLastIndex((line, index) => index < end && /^ > .*:\s*$/.test(line));
  if (title < 0) {
    return { step: "", output: end > 0 ? printed(lines.slice(0, end)) : undefined, end: dockerfileEnd(lines, end) };
  }
  const step = (lines[title] ?? "").replace(/^ > /, "").replace(/:\s*$/, "");
  return { step, output: printed(lines.slice(title + 1, end)), end: dockerfileEnd(lines, end) };
}

/** Lines of a step have the seconds since its start in front. */
function printed(lines: readonly string[]): string {
  return lines.map((line) => line.replace(/^(?:#\d+ )?\d+\.\d+ ?/, "")).join("\n");
}

/** After the block, buildctl quotes the Dockerfile between two lines of twenty dashes. */
function dockerfileEnd(lines: readonly string[], blockEnd: number): number {
  const quoteEnd = lines.lastIndexOf("--------------------");
  return Math.max(blockEnd, quoteEnd);
}

/** One log with the parts of another one where it lacks them: the end of a log may be cut before the step. */
export function completeLog(log: BuildLog, other: BuildLog): BuildLog {
  const isSame = log.error === "" || other.error === "" || other.error.endsWith(log.error);
  return {
    error: log.error === "" || (isSame && other.error !== "") ? other.error : log.error,
    step: log.step || other.step,
    stepError: log.stepError || other.stepError,
    output: log.step === "" ? other.output || log.output : log.output,
  };
}

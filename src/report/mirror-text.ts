import type { MirrorReport, ReportedImage } from "./mirror-report.ts";
import { findingText, lineWidth, offMargin, type Paint } from "./text.ts";

/** How far a mirror is. */
export interface MirrorProgress {
  done: number;
  total: number;
  /** What is being copied. */
  running: readonly string[];
}

const marks = { copied: "✔", there: "=", planned: "+", failed: "✖" } as const;
const styles = { copied: "green", there: "dim", planned: "yellow", failed: "red" } as const;
const words = { copied: "copied", there: "is there", planned: "to copy", failed: "failed" } as const;

/** Columns of the bar. */
const barWidth = 20;

/** One line for an image that has been dealt with; a failed one with its finding below. */
export function imageLine(
  { source, target, state, digest, finding, milliseconds }: ReportedImage,
  paint: Paint,
): string {
  const seconds = paint("dim", `(${(milliseconds / 1000).toFixed(1)} s)`);
  const line = `${paint(styles[state], `${marks[state]} ${words[state].padEnd(8)}`)} ${source} → ${target}`;
  const detail = `${digest === undefined ? "" : ` ${digest.slice(0, "sha256:".length + 12)}`} ${seconds}`;
  return `${line}${detail}${finding ? `\n${findingText(finding, paint)}` : ""}`;
}

/** A bar, and what is being copied, in one line of a terminal. */
export function progressLine({ done, total, running }: MirrorProgress): string {
  const filled = total === 0 ? barWidth : Math.floor((done / total) * barWidth);
  const bar = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`;
  return `${bar} ${done}/${total} ${running.join(", ")}`.slice(0, lineWidth);
}

/** The end of a mirror: what was left out, what else is to be known, and the summary. */
export function mirrorClosing({ leftOut, warnings, summary, exitCode }: MirrorReport, paint: Paint): string {
  const left = leftOut.map(({ what, fix }) => `${paint("yellow", "Left out:")} ${what}. ${fix}`);
  const found = warnings.map((warning) => findingText(warning, paint));
  return ["", ...left, ...found, paint(exitCode === 0 ? "green" : "red", offMargin(summary))].join("\n");
}

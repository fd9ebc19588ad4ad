import { styleText } from "node:util";
import type { ReportedFinding } from "./described-finding.ts";
import type { RunReport, Step } from "./run-report.ts";

type Style = Parameters<typeof styleText>[0];

/** Colours a text, or gives it back unchanged. */
export type Paint = (style: Style, text: string) => string;

/** Colours for a terminal, or none. */
export function painter(colour: boolean): Paint {
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

const marks = { ok: "✔", warning: "!", failed: "✖" } as const;
const styles = { ok: "green", warning: "yellow", failed: "red" } as const;

/** What a run is about: its first two lines. */
export function headline(report: Pick<RunReport, "command" | "subject" | "program">): string {
  const { subject, command, program } = report;
  const name = `${program.name} ${program.version}`;
  if (!subject) return `${name}: ${command}`;
  const { controlPlane, org, project, domain, trigger, release, appVersion } = subject;
  const where = `${project}/${domain} on ${controlPlane}${org === "" ? "" : ` (organisation ${org})`}`;
  return `${name}: ${command} ${appVersion ?? subject.task} in ${where}\nHelm release ${release}, trigger ${trigger}`;
}

/** One line for a step: mark, name, what was found or done, how long it took. */
export function stepLine({ name, status, detail, milliseconds }: Step, paint: Paint): string {
  const words = detail === "" ? (status === "failed" ? "failed" : "done") : detail;
  return `${paint(styles[status], marks[status])} ${name.padEnd(8)} ${words} ${paint("dim", `(${duration(milliseconds)})`)}`;
}

/** The end of a run: every finding in full, then the state. */
export function closing(report: RunReport, paint: Paint): string {
  const findings = report.findings.map((finding) => `\n${findingText(finding, paint)}\n`).join("");
  const failed = report.state === "failed" || report.state === "not-current" || report.state === "interrupted";
  const style = failed ? "red" : report.findings.length > 0 ? "yellow" : "green";
  return `${findings}\n${paint(style, `${report.state}:`)} ${report.summary}`;
}

/** A finding in full: its code, then labelled lines. */
export function findingText({ severity, code, what, why, fix, next, docs }: ReportedFinding, paint: Paint): string {
  const head = severity === "error" ? paint("red", `ERROR ${code}`) : paint("yellow", `WARNING ${code}`);
  const lines = Object.entries({ what, why, fix, next, docs }).filter(([, text]) => text !== "");
  return [head, ...lines.map(([label, text]) => `  ${label.padEnd(5)} ${text.replaceAll("\n", "\n        ")}`)].join(
    "\n",
  );
}

/** A finding in one line. */
export function findingLine({ severity, code, what, fix, docs }: ReportedFinding, place: string): string {
  return `${severity} ${code}${place}: ${what.replaceAll(/\s*\n\s*/g, "; ")}. ${fix} ${docs}`;
}

function duration(milliseconds: number): string {
  return milliseconds < 10_000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

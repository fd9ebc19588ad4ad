import { styleText } from "node:util";
import type { ReportedFinding } from "./described-finding.ts";
import type { ReportedBuild, RunReport, Step } from "./run-report.ts";
import { failedStates } from "./run-states.ts";

type Style = Parameters<typeof styleText>[0];

/** Colours a text, or gives it back unchanged. */
export type Paint = (style: Style, text: string) => string;

/** Columns of a line that is overwritten: one that a terminal wraps could not be. */
export const lineWidth = 78;

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
  const words = detail === "" ? (status === "failed" ? "failed" : "done") : offMargin(detail);
  return `${paint(styles[status], marks[status])} ${name.padEnd(8)} ${words} ${paint("dim", `(${duration(milliseconds)})`)}`;
}

/** The end of a run: every finding in full, then the state. */
export function closing(report: RunReport, paint: Paint): string {
  const findings = report.findings.map((finding) => `\n${findingText(finding, paint)}\n`).join("");
  const style = failedStates.has(report.state) ? "red" : report.findings.length > 0 ? "yellow" : "green";
  const builds = (report.builds ?? []).map((build) => `\n${buildText(build)}\n`).join("");
  return `${builds}${findings}\n${paint(style, `${report.state}:`)} ${offMargin(report.summary)}`;
}

/** What a build has made, or is to make, in labelled lines. */
function buildText({ project, domain, notes, timeoutSeconds, ...build }: ReportedBuild): string {
  const isPlanned = build.state === "planned";
  const lines = {
    base: isPlanned ? build.baseImage : undefined,
    layers: isPlanned ? build.layers.join(", then ") : undefined,
    target: isPlanned ? build.target : undefined,
    limit: isPlanned ? `${timeoutSeconds} s` : undefined,
    image: build.image,
    digest: build.digest,
    times: build.phases.map(({ name, milliseconds }) => `${name} ${duration(milliseconds)}`).join(", "),
    run: build.url,
    delete: build.deleteCommand,
    note: notes.join("; "),
  };
  const shown = Object.entries(lines).filter(([, text]) => text !== undefined && text !== "");
  return [
    `${project}/${domain}`,
    ...shown.map(([label, text]) => `  ${label.padEnd(7)} ${offMargin(text ?? "")}`),
  ].join("\n");
}

const margin = "\n        ";

/** A finding in full: its code, then labelled lines. */
export function findingText({ severity, code, what, why, fix, next, docs }: ReportedFinding, paint: Paint): string {
  const head = severity === "error" ? paint("red", `ERROR ${code}`) : paint("yellow", `WARNING ${code}`);
  const lines = Object.entries({ what, why, fix, next, docs }).filter(([, text]) => text !== "");
  return [head, ...lines.map(([label, text]) => `  ${label.padEnd(5)} ${text.replaceAll("\n", margin)}`)].join("\n");
}

/** A finding in one line. */
export function findingLine({ severity, code, what, fix, docs }: ReportedFinding, place: string): string {
  return `${severity} ${code}${place}: ${joinLines(what)}. ${joinLines(fix)} ${docs}`;
}

/** A text in one line. */
export function joinLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").join("; ");
}

/** A text of which no line but the first is at the margin, where only our own lines are. */
export function offMargin(text: string): string {
  return text.replace(/\n(?! )/g, margin);
}

function duration(milliseconds: number): string {
  return milliseconds < 10_000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

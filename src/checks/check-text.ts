import { findingText, painter } from "../report/text.ts";
import type { ReportedCheck } from "./check-report.ts";

const marks = { passed: "✔", warning: "!", failed: "✖", skipped: "↷" } as const;
/** In place of the marks where there is no colour: a log may know only plain letters, and a reader may be a program. */
const words = { passed: "ok     ", warning: "warning", failed: "failed ", skipped: "skipped" } as const;
const styles = { passed: "green", warning: "yellow", failed: "red", skipped: "dim" } as const;

/** Page on which each code has its heading. */
const errorPages = "docs/errors.md";

/**
 * Makes a function that gives the lines of one check after another: under a heading where its category is new, with its
 * finding in full.
 */
export function checkPrinter(colour: boolean): (result: ReportedCheck) => string {
  const paint = painter(colour);
  let category: string | undefined;
  return (result) => {
    const { name, title, status, detail, finding } = result;
    const heading = result.category === category ? [] : [`${category === undefined ? "" : "\n"}${result.category}`];
    category = result.category;
    const mark = paint(styles[status], (colour ? marks : words)[status]);
    const said = finding ? findingText(finding, paint) : `${status === "passed" ? `${title}: ` : ""}${detail}`;
    const lines = [`${mark} ${name.padEnd(12)} ${said}`, ...(finding ? [`  docs  ${errorPages}#${finding.code}`] : [])];
    return [...heading.map((text) => paint("bold", text)), ...lines].join("\n");
  };
}

/** One line of a finding, for `--output short`; none where there is no finding. */
export function shortLine({ category, name, finding }: ReportedCheck): string[] {
  if (!finding) return [];
  const what = finding.what.replaceAll(/\s*\n\s*/g, "; ");
  return [`${finding.severity} ${finding.code} (${category}/${name}): ${what}. ${finding.fix}`];
}

/** The end: how many of each. */
export function checkSummary(results: readonly ReportedCheck[]): string {
  const count = (status: ReportedCheck["status"]) => results.filter((result) => result.status === status).length;
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const counts = [plural(count("failed"), "problem"), plural(count("warning"), "warning")];
  return `${counts.join(", ")}; ${count("passed")} passed, ${count("skipped")} skipped`;
}

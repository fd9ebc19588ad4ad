import type { CheckReport } from "./check-report.ts";
import type { ReportedFinding } from "./described-finding.ts";
import type { RunReport } from "./run-report.ts";

/** What a command reports, in every form of output. */
export type Report = RunReport | CheckReport;

/** A report as text: its first line, and its findings in the order in which they are shown. */
export function outlineOf(report: Report): { summary: string; findings: readonly ReportedFinding[] } {
  if (report.command === "check") {
    return { summary: report.summary, findings: report.checks.flatMap(({ finding }) => finding ?? []) };
  }
  return { summary: `${report.state}: ${report.summary}`, findings: report.findings };
}

import type { CheckReport } from "./check-report.ts";
import type { ReportedFinding } from "./described-finding.ts";
import type { MirrorReport } from "./mirror-report.ts";
import type { RunReport } from "./run-report.ts";

/** What a command reports, in every form of output. */
export type Report = RunReport | CheckReport | MirrorReport;

/** A report as text: its first line, and its findings in the order in which they are shown. */
export function outlineOf(report: Report): { summary: string; findings: readonly ReportedFinding[] } {
  if (report.command === "check") {
    return { summary: report.summary, findings: report.checks.flatMap(({ finding }) => finding ?? []) };
  }
  if (report.command === "images mirror") {
    return {
      summary: report.summary,
      findings: [...report.images.flatMap(({ finding }) => finding ?? []), ...report.warnings],
    };
  }
  return { summary: `${report.state}: ${report.summary}`, findings: report.findings };
}

import type { Report } from "../report/report.ts";
import type { ClusterEvent } from "./cluster.ts";
import { cut, mostFindings } from "./cut.ts";

/**
 * What Kubernetes shows of a run under its Job: one Event for each finding and one for how it ended. A scheduled run
 * that found nothing to do is no event.
 */
export function eventsOf(report: Report): ClusterEvent[] {
  const { state, summary, findings } = report;
  if (report.subject?.trigger === "schedule" && state === "up-to-date" && findings.length === 0) return [];
  const bad = state === "failed" || state === "interrupted" || state === "not-current";
  return [
    ...findings.slice(0, mostFindings).map(({ code, what, why, fix }) => ({
      type: "Warning" as const,
      reason: camelCase(code),
      message: cut(`${code}: ${what}. ${fix}${why === "" ? "" : ` (${why})`}`),
    })),
    { type: bad ? "Warning" : "Normal", reason: camelCase(state), message: cut(summary) },
  ];
}

function camelCase(words: string): string {
  return words.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

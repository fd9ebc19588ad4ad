import type { RunReport } from "../report/run-report.ts";
import { failedStates } from "../report/run-states.ts";
import type { ClusterEvent } from "./cluster.ts";
import { maximalFindings, shorten } from "./limits.ts";

/** States of a scheduled run that has nothing new to say. */
const silentStates: ReadonlySet<RunReport["state"]> = new Set(["up-to-date", "unchanged", "not-due"]);

/**
 * The Events of a run, which Kubernetes shows under its Job: one for each finding and one for how it ended. A scheduled run
 * that found nothing to do has none.
 */
export function eventsOf(report: RunReport): ClusterEvent[] {
  const { state, summary, findings } = report;
  if (report.subject?.trigger === "schedule" && silentStates.has(state) && findings.length === 0) return [];
  return [
    ...findings.slice(0, maximalFindings).map(({ code, what, why, fix, next, docs }) => ({
      type: "Warning" as const,
      reason: camelCase(code),
      message: shorten(`${code}: ${what}. ${fix} Next: ${next} ${docs}${why === "" ? "" : ` (${why})`}`),
    })),
    { type: failedStates.has(state) ? "Warning" : "Normal", reason: camelCase(state), message: shorten(summary) },
  ];
}

function camelCase(words: string): string {
  return words.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

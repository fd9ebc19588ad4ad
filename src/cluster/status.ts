import { type RecordedRun, type Report, recordedRun } from "../report/report.ts";
import { cut, mostFindings } from "./cut.ts";

/** Key of the current registration, beside one key a trigger. */
const currentKey = "current";

/**
 * What the status ConfigMap keeps of a run: the last result under its trigger's key, and the current registration. One
 * key a trigger and each of bounded size, so the ConfigMap does not grow.
 */
export function statusOf(report: Report, time: Date): Record<string, string> {
  const { subject, current, command, state, summary, exitCode, findings, program } = report;
  const trigger = subject?.trigger ?? "manual";
  const run: RecordedRun = {
    ...{ trigger, time: time.toISOString(), command, state, summary: cut(summary), exitCode },
    codes: findings.slice(0, mostFindings).map(({ code }) => code),
    ...(subject?.appVersion !== undefined && { appVersion: subject.appVersion }),
    registrar: program.version,
  };
  return {
    [trigger]: JSON.stringify(run),
    ...(current && { [currentKey]: JSON.stringify({ ...current, seen: run.time }) }),
  };
}

/** The runs that a status ConfigMap tells of, newest first. What is no run of ours (a person may edit it) is left out. */
export function recordedRuns(data: Readonly<Record<string, string>>): RecordedRun[] {
  return Object.entries(data)
    .filter(([key]) => key !== currentKey)
    .flatMap(([, text]) => parsedRun(text))
    .sort((a, b) => b.time.localeCompare(a.time));
}

function parsedRun(text: string): RecordedRun[] {
  try {
    const { data } = recordedRun.safeParse(JSON.parse(text));
    return data ? [data] : [];
  } catch {
    return [];
  }
}

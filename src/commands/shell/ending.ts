import { isDeepStrictEqual } from "node:util";
import { exitCodes } from "../../findings/catalog/code-entry.ts";
import type { Finding } from "../../findings/finding.ts";
import { asRegistrarError } from "../../findings/registrar-error.ts";
import { type Registration, reportedRegistration } from "../../registration/registration.ts";
import type { ReportedFinding } from "../../report/described-finding.ts";
import type { Recorder } from "../../report/recorder.ts";
import type { RunReport } from "../../report/run-report.ts";
import type { Policy } from "../../settings/schema.ts";
import { Interrupted } from "../../system/interrupted.ts";
import type { Describe } from "./audience.ts";

/** How a run ended; what it found out until then, its recorder knows. */
export interface Ending extends Pick<RunReport, "state" | "summary" | "versions" | "builds"> {
  /** What was current at its start. */
  previous?: Registration | undefined;
  /** What is wrong, if the run failed or its answer is no. */
  error?: Finding | undefined;
  /** Findings of checks about the cause of the error, as they are shown: before it. */
  roots?: readonly ReportedFinding[];
  /** Errors in addition to the first. */
  others?: readonly Finding[];
}

/** What a report says of a run in addition to how it ended. */
export interface RunFacts extends Pick<RunReport, "program" | "command" | "exitCode" | "milliseconds"> {
  subject: RunReport["subject"];
  recorder: Recorder;
}

/** The report of a run that has ended. */
export function reportOf(ending: Ending, facts: RunFacts, describe: Describe): RunReport {
  const { state, summary, versions, builds, error, roots = [], others = [] } = ending;
  const { program, command, subject, recorder, exitCode, milliseconds } = facts;
  const { current, runs } = recorder.known;
  const previous = ending.previous && reportedRegistration(ending.previous);
  return {
    schemaVersion: 1,
    program,
    command,
    state,
    summary,
    ...(subject && { subject }),
    ...(current !== undefined && { current }),
    ...(previous && !isDeepStrictEqual(previous, current) && { previous }),
    ...(versions && { versions }),
    ...(runs && { runs }),
    ...(builds && { builds: [...builds] }),
    steps: [...recorder.steps],
    findings: [...roots, ...[...recorder.warnings, ...(error ? [error] : []), ...others].map(describe)],
    exitCode,
    milliseconds: Math.round(milliseconds),
  };
}

/** How a run ends that threw; `policy.failure: warn` lets a registration that failed, for whatever reason, end with 0. */
export function endingOf(
  thrown: unknown,
  command: RunReport["command"],
  { failure }: Pick<Policy, "failure">,
): { ending: Ending; exitCode: number } {
  if (thrown instanceof Interrupted) {
    return { ending: { state: "interrupted", summary: `${command} was ${thrown.message}` }, exitCode: thrown.exitCode };
  }
  const error = asRegistrarError(thrown);
  const isUsage = error.exit === exitCodes.usage;
  const isForgiven = command === "register" && failure === "warn";
  const summary = [
    `${command} failed (${error.code})`,
    ...(isUsage ? ["the control plane was not contacted"] : []),
    ...(command === "register" ? ["remote image builds may use an older appVersion or fail"] : []),
    ...(isForgiven ? ["exit code 0 because policy.failure is warn"] : []),
  ].join("; ");
  return {
    ending: { state: "failed", summary, error: error.finding },
    exitCode: isForgiven ? exitCodes.success : error.exit,
  };
}

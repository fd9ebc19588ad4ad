import { asRegistrarError, type Finding } from "../../findings/registrar-error.ts";
import type { Registration } from "../../registration/registration.ts";
import type { Recorder } from "../../report/recorder.ts";
import type { Report, ReportedRegistration } from "../../report/report.ts";
import type { Invocation } from "../../settings/load.ts";
import type { Settings } from "../../settings/schema.ts";
import { Interrupted } from "./world.ts";

/** How the body of a command ended. */
export interface Ending extends Pick<Report, "state" | "summary" | "versions" | "runs"> {
  current?: Registration | undefined;
  previous?: Registration | undefined;
  /** What is wrong, where the command's answer is "no". */
  error?: Finding | undefined;
}

/** The files that a run takes settings from. */
type SettingsFiles = Pick<Invocation, "configFile" | "flyteConfigFile">;

/** What a report says of the run itself, beside how it ended. */
export interface About extends Pick<Report, "program" | "command" | "exitCode" | "milliseconds"> {
  subject: Report["subject"];
  recorder: Recorder;
  files: SettingsFiles;
}

/** The report of a run that has ended. */
export function reportOf(ending: Ending, about: About): Report {
  const { state, summary, current, previous, versions, runs, error } = ending;
  const { program, command, subject, recorder, files, exitCode, milliseconds } = about;
  return {
    schemaVersion: 1,
    ...{ program, command, state, summary },
    ...(subject && { subject }),
    ...(current && { current: describe(current) }),
    ...(previous && previous !== current && { previous: describe(previous) }),
    ...(versions && { versions }),
    ...(runs && { runs }),
    steps: [...recorder.steps],
    findings: [...recorder.warnings, ...(error ? [error] : [])].map((finding) => typable(finding, files)),
    ...{ exitCode, milliseconds: Math.round(milliseconds) },
  };
}

/** The finding with its next command as it is to be typed: with the settings of this run. */
export function typable(finding: Finding, { configFile, flyteConfigFile }: SettingsFiles): Finding {
  const own = configFile === undefined ? [] : [`--config ${configFile}`];
  const flyte = flyteConfigFile === undefined ? [] : [`--flyte-config ${flyteConfigFile}`];
  const settings = [...own, ...flyte].join(" ") || "<the same flags>";
  return { ...finding, next: finding.next.replace("--config <file>", settings) };
}

/** The state and exit code of an error; `policy.failure: warn` lets a registration that failed end with 0. */
export function endingOf(
  thrown: unknown,
  command: Report["command"],
  settings: Settings | undefined,
): { ending: Ending; exitCode: number } {
  if (thrown instanceof Interrupted) {
    return { ending: { state: "interrupted", summary: `${command} was ${thrown.message}` }, exitCode: thrown.exitCode };
  }
  const error = asRegistrarError(thrown);
  const forgiven = command === "register" && settings?.policy.failure === "warn" && error.exit !== 2;
  const unknown = command === "register" ? "; remote image builds may use an older release or fail" : "";
  const why = forgiven ? ", and this run ends with 0 only because policy.failure is warn" : "";
  const summary = `${command} failed (${error.code})${error.exit === 2 ? "; the control plane was not contacted" : unknown}${why}`;
  return { ending: { state: "failed", summary, error: error.finding }, exitCode: forgiven ? 0 : error.exit };
}

function describe(registration: Registration): ReportedRegistration {
  const { version, appVersion, registeredAt, ownership, isWanted } = registration;
  return {
    version,
    appVersion,
    ...(registeredAt && { registeredAt: registeredAt.toISOString() }),
    ...(ownership && { registeredBy: ownership.owner }),
    isWanted,
  };
}

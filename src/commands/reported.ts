import { asRegistrarError, type Finding, problem } from "../errors/registrar-error.ts";
import type { Registration } from "../registration.ts";
import { createRecorder, type Recorder } from "../report/recorder.ts";
import { createRedactor } from "../report/redaction.ts";
import type { Report, ReportedRegistration } from "../report/report.ts";
import { terminationMessage } from "../report/termination-message.ts";
import { closing, headline, painter, stepLine } from "../report/text.ts";
import { type Invocation, type LoadedSettings, loadSettings } from "../settings/load.ts";
import { prepareRun, type Run, requireDefinition, subjectOf, withRelease } from "./run.ts";
import { Interrupted, type World } from "./world.ts";

/** What the command line asks of a reporting command. */
export interface ReportedInvocation extends Invocation {
  output: "text" | "json";
  verbose: boolean;
}

/** How the body of a command ended. */
export interface Ending extends Pick<Report, "state" | "summary"> {
  current?: Registration | undefined;
  previous?: Registration | undefined;
  versions?: Report["versions"];
  /** What is wrong, where the command's answer is "no". */
  error?: Finding | undefined;
}

/**
 * Runs a command that reports: settings, deadline, session, body, report, exit code; every error ends up in the report.
 * @returns the exit code
 */
export async function reported(
  command: Report["command"],
  invocation: ReportedInvocation,
  world: World,
  body: (run: Run, showOutput: (output: string) => void) => Promise<Ending>,
): Promise<number> {
  const started = world.clock.now();
  const redactor = createRedactor();
  const paint = painter(world.colour && invocation.output === "text");
  const say = (text: string) => {
    if (invocation.output === "text") world.writeOut(redactor.redact(`${text}\n`));
  };
  const recorder = createRecorder(world.clock, (step) => say(stepLine(step, paint)));
  const program = { name: "image-builder-registrar" as const, version: world.version };

  let loaded: LoadedSettings | undefined;
  let subject: Report["subject"];
  let ending: Ending;
  let exitCode = 0;
  try {
    loaded = loadSettings(invocation, world.readFile);
    loaded.secrets.forEach(redactor.protect);
    loaded.warnings.forEach(recorder.warn);
    subject = subjectOf(loaded);
    using deadline = startDeadline(loaded.settings.timeouts.total, recorder, world.signal);
    loaded = await withRelease(loaded, world);
    const run = prepareRun(loaded, world, recorder, redactor, deadline.signal);
    if (command !== "status") requireDefinition(run.definition);
    subject = subjectOf(loaded, run.definition);
    say(`${headline({ command, subject, program })}\n`);
    try {
      ending = await body(run, (output) => {
        if (invocation.verbose) world.writeError(redactor.redact(`${output}\n`));
      });
    } finally {
      run.session.close();
    }
    if (ending.error) exitCode = 1;
  } catch (error) {
    ({ ending, exitCode } = failureOf(error, command, loaded));
  }

  const report: Report = {
    schemaVersion: 1,
    program,
    command,
    state: ending.state,
    summary: ending.summary,
    ...(subject && { subject }),
    ...(ending.current && { current: describe(ending.current) }),
    ...(ending.previous && ending.previous !== ending.current && { previous: describe(ending.previous) }),
    ...(ending.versions && { versions: ending.versions }),
    steps: [...recorder.steps],
    findings: [...recorder.warnings, ...(ending.error ? [ending.error] : [])].map((finding) => ({
      ...finding,
      next: withSameSettings(finding.next, invocation.configFile),
    })),
    exitCode,
    milliseconds: Math.round(world.clock.now() - started),
  };
  say(closing(report, paint));
  if (invocation.output === "json") world.writeOut(redactor.redact(`${JSON.stringify(report, null, 2)}\n`));
  world.writeTerminationMessage(terminationMessage(report, redactor.redact));
  return exitCode;
}

/** A next command as it is to be typed: with the settings of this run. */
export function withSameSettings(next: string, configFile: string | undefined): string {
  return next.replace("--config <file>", configFile === undefined ? "<the same flags>" : `--config ${configFile}`);
}

/** The state and exit code of an error; `policy.failure: warn` lets a registration that failed end with 0. */
function failureOf(
  thrown: unknown,
  command: string,
  loaded: LoadedSettings | undefined,
): { ending: Ending; exitCode: number } {
  if (thrown instanceof Interrupted) {
    return { ending: { state: "interrupted", summary: `${command} was ${thrown.message}` }, exitCode: thrown.exitCode };
  }
  const error = asRegistrarError(thrown);
  const forgiven = command === "register" && loaded?.settings.policy.failure === "warn" && error.exit !== 2;
  const unknown = command === "register" ? "; remote image builds may use an older release or fail" : "";
  const why = forgiven ? ", and this run ends with 0 only because policy.failure is warn" : "";
  const summary = `${command} failed (${error.code})${error.exit === 2 ? "; the control plane was not contacted" : unknown}${why}`;
  return { ending: { state: "failed", summary, error: error.finding }, exitCode: forgiven ? 0 : error.exit };
}

function startDeadline(
  milliseconds: number,
  recorder: Recorder,
  outer: AbortSignal,
): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(problem("deadline-exceeded", { seconds: milliseconds / 1000, step: recorder.current() }));
  }, milliseconds);
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

function describe(registration: Registration): ReportedRegistration {
  const { version, appVersion, registeredAt, signature, isWanted } = registration;
  return {
    version,
    appVersion,
    ...(registeredAt && { registeredAt: registeredAt.toISOString() }),
    ...(signature && { registeredBy: signature.registeredBy, fingerprint: signature.fingerprint }),
    isWanted,
  };
}

import { resolveAppVersion } from "../../cluster/app-version.ts";
import { requireDefinition } from "../../definition/render-definition.ts";
import { problem } from "../../findings/registrar-error.ts";
import { createRecorder, type Recorder } from "../../report/recorder.ts";
import { createRedactor, type Redactor } from "../../report/redaction.ts";
import type { Report } from "../../report/report.ts";
import { terminationMessage } from "../../report/termination-message.ts";
import { closing, headline, painter, stepLine } from "../../report/text.ts";
import {
  type GivenSettings,
  type Invocation,
  type LoadedSettings,
  loadSettings,
  parseSettings,
} from "../../settings/load.ts";
import type { Settings } from "../../settings/schema.ts";
import { deadlines } from "../../system/deadlines.ts";
import { type Ending, endingOf, reportOf, typable } from "./ending.ts";
import { prepareRun, type Run, subjectOf } from "./run.ts";
import type { World } from "./world.ts";

/** What the command line asks of a reporting command. */
export interface ReportedInvocation extends Invocation {
  output: "text" | "json";
  verbose: boolean;
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

  let given: GivenSettings | undefined;
  let subject: Report["subject"];
  let ending: Ending;
  let exitCode = 0;
  try {
    given = parseSettings(invocation, world.readFile);
    subject = subjectOf(given, undefined);
    let loaded: LoadedSettings = loadSettings(given, world.environment, world.readFile);
    loaded.secrets.forEach(redactor.protect);
    loaded.warnings.forEach(recorder.warn);
    subject = subjectOf(loaded, loaded.target);
    using deadline = startDeadline(loaded.settings.timeouts.total, recorder, world.signal);
    loaded = await resolveAppVersion(loaded, world, deadline.signal);
    const run = prepareRun(loaded, given, world, recorder, redactor, deadline.signal);
    if (command !== "status") requireDefinition(run.definition);
    subject = subjectOf(loaded, loaded.target);
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
    ({ ending, exitCode } = endingOf(error, command, given?.settings));
  }

  const about = { program, command, subject, recorder, files: invocation, exitCode };
  const report = reportOf(ending, { ...about, milliseconds: world.clock.now() - started });
  if (given?.settings.cluster.enabled && command !== "status") {
    const untold = await tell(report, given.settings, world, redactor);
    if (untold) report.findings.push(typable(untold, invocation));
  }
  say(closing(report, paint));
  if (invocation.output === "json") world.writeOut(`${JSON.stringify(redactor.redactAll(report), null, 2)}\n`);
  world.writeTerminationMessage(terminationMessage(report, redactor.redact));
  return exitCode;
}

/** Tells the cluster, secrets taken out. */
async function tell(report: Report, { cluster, release }: Settings, world: World, redactor: Redactor) {
  const { tellCluster } = await import("../../cluster/publish.ts");
  const signal = AbortSignal.timeout(deadlines.cluster.milliseconds);
  return tellCluster(
    redactor.redactAll(report),
    cluster,
    () => world.openCluster(release.namespace, signal),
    world.clock.date(),
  );
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

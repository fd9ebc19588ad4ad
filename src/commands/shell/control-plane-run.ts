import { resolveAppVersion } from "../../cluster/app-version.ts";
import { questionOf } from "../../cluster/confirmation.ts";
import { tokenCommand } from "../../control-plane/auth/token-command.ts";
import { type Registrations, registrationsOf } from "../../control-plane/registrations.ts";
import { createSession, type Session } from "../../control-plane/session.ts";
import { type Definition, ownerId } from "../../definition/definition.ts";
import { renderDefinition, requireDefinition } from "../../definition/render-definition.ts";
import { catalog } from "../../findings/catalog/catalog.ts";
import { exitCodes } from "../../findings/catalog/code-entry.ts";
import { problem } from "../../findings/registrar-error.ts";
import { createRecorder, type Recorder } from "../../report/recorder.ts";
import type { RunReport } from "../../report/run-report.ts";
import { type ControlPlaneTarget, type LoadedSettings, loadSettings, requireTarget } from "../../settings/load.ts";
import { type GivenSettings, parseSettings } from "../../settings/parse-settings.ts";
import { salvageSettings } from "../../settings/salvage.ts";
import type { Settings } from "../../settings/schema.ts";
import { type TaskScope, taskName } from "../../settings/task-scope.ts";
import type { Clock } from "../../system/clock.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { Printed, Shell } from "./command.ts";
import { type Ending, endingOf, reportOf } from "./ending.ts";

/** What a command that talks to a control plane works with. */
export interface ControlPlaneRun {
  /** With the appVersion known, if there is one. */
  settings: Settings;
  /** As they were given: without an appVersion that was read from a Deployment. */
  given: GivenSettings;
  target: ControlPlaneTarget;
  scope: TaskScope;
  /** Absent without an appVersion, which only `status` does without. */
  definition: Definition | undefined;
  /** What it asks, for later runs that may rely on the answer; nothing if none may. */
  question: string | undefined;
  session: Session;
  registrations: Registrations;
  recorder: Recorder;
  /** Ends at SIGTERM and at `timeouts.total`. */
  signal: AbortSignal;
}

/** How a run differs from one that writes. */
export interface RunOptions {
  /** Whether it leaves the cluster as it is, too: no Event, no entry of the status. */
  dryRun?: boolean;
  /** Milliseconds for the whole run; `timeouts.total` unless given. */
  deadlineOf?: ((settings: Settings) => number) | undefined;
}

/**
 * Runs a command that talks to a control plane: settings, deadline, session, body, report. Every error ends up in the
 * report.
 */
export async function runOnControlPlane(
  command: RunReport["command"],
  shell: Shell,
  body: (run: ControlPlaneRun) => Promise<Ending>,
  { dryRun = false, deadlineOf = ({ timeouts }) => timeouts.total }: RunOptions = {},
): Promise<Printed> {
  const { world, invocation, observer, redactor } = shell;
  const started = world.clock.now();
  const recorder = createRecorder(world.clock.now, observer.step);
  const program = { name: "image-builder-registrar" as const, version: world.version };
  let settings: Settings | undefined;
  let subject: RunReport["subject"];
  let question: string | undefined;
  let ending: Ending;
  let exitCode: number = exitCodes.success;
  try {
    const given = parseSettings(invocation, world.readFile);
    settings = given.settings;
    subject = subjectOf(settings, undefined);
    const loaded = loadSettings(given, world.environment, world.readFile);
    loaded.secrets.forEach(redactor.protect);
    loaded.warnings.forEach(recorder.warn);
    subject = subjectOf(loaded.settings, loaded.target);
    using deadline = startDeadline(deadlineOf(loaded.settings), recorder, world.clock, world.signal);
    const run = await prepareRun(loaded, recorder, shell, deadline.signal);
    question = run.question;
    if (command !== "status") requireDefinition(run.definition);
    subject = subjectOf(run.settings, run.target);
    observer.begin({ command, subject, program });
    try {
      ending = await body(run);
    } finally {
      run.session.close();
    }
    if (ending.error) exitCode = catalog[ending.error.code].exit;
  } catch (error) {
    settings ??= salvageSettings(invocation, world.readFile);
    subject ??= subjectOf(settings, undefined);
    ({ ending, exitCode } = endingOf(error, command, settings.policy));
  }

  const facts = { program, command, subject, recorder, exitCode, milliseconds: world.clock.now() - started };
  const report = reportOf(ending, facts, shell.describe);
  const isPublished = settings.cluster.enabled && command !== "status" && !dryRun;
  if (isPublished) await publish(report, settings, question, shell);
  return { report };
}

/** Finds out the appVersion, renders and prepares a session; the control plane is not contacted. */
async function prepareRun(
  loaded: LoadedSettings,
  recorder: Recorder,
  { world, redactor }: Shell,
  signal: AbortSignal,
): Promise<ControlPlaneRun> {
  const { settings } = await resolveAppVersion(loaded, world, signal);
  const target = requireTarget(loaded);
  const session = createSession(target, {
    clock: world.clock,
    signal,
    giveUpAfterMilliseconds: settings.timeouts.controlPlane,
    runCommand: tokenCommand(world.runProcess, world.environment, world.temporaryFolder),
    protect: redactor.protect,
  });
  const { project, domain } = settings.task;
  const scope = { org: target.org, project, domain };
  const definition = renderDefinition(settings, world);
  const isKept = settings.cluster.enabled && settings.policy.lookAgainAfter !== undefined;
  return {
    settings,
    given: loaded,
    target,
    scope,
    definition,
    question: isKept && definition ? questionOf(settings, target, definition, world.version) : undefined,
    session,
    registrations: registrationsOf(session, scope),
    recorder,
    signal,
  };
}

/** Publishes the report in the cluster; what could not be written becomes a finding of it. */
async function publish(
  report: RunReport,
  { cluster, release }: Settings,
  question: string | undefined,
  shell: Shell,
): Promise<void> {
  const { world, redactor } = shell;
  const { publishRun } = await import("../../cluster/publish.ts");
  const signal = world.clock.timeout(deadlines.cluster.milliseconds);
  const openCluster = () => world.openCluster(release.namespace, signal);
  const asked = { time: world.clock.date(), question };
  const failure = await publishRun(redactor.redactAll(report), cluster, openCluster, asked);
  if (failure) report.findings.push(shell.describe(failure));
}

/** What the run is about, for its report. */
function subjectOf(settings: Settings, target: ControlPlaneTarget | undefined): RunReport["subject"] {
  const { project, domain } = settings.task;
  return {
    controlPlane: target?.endpoint.url ?? "",
    org: target?.org ?? "",
    project,
    domain,
    task: taskName,
    ...(settings.appVersion !== undefined && { appVersion: settings.appVersion }),
    trigger: settings.trigger,
    release: ownerId(settings.release),
  };
}

/** A signal that aborts at the deadline of the run, or with `outer`. */
function startDeadline(
  milliseconds: number,
  recorder: Recorder,
  clock: Clock,
  outer: AbortSignal,
): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const timeout = clock.timeout(milliseconds);
  const abort = () => {
    controller.abort(problem("deadline-exceeded", { seconds: milliseconds / 1000, step: recorder.current() }));
  };
  timeout.addEventListener("abort", abort, { once: true });
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    [Symbol.dispose]: () => timeout.removeEventListener("abort", abort),
  };
}

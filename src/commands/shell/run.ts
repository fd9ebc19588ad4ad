import { ensureNotMovedOn } from "../../cluster/moved-on.ts";
import { announce, remember } from "../../cluster/remember.ts";
import { tokenCommand } from "../../control-plane/auth/token-command.ts";
import type { ProjectOutcome } from "../../control-plane/projects.ts";
import { type Registrations, registrationsOf } from "../../control-plane/registrations.ts";
import { createSession, type Session } from "../../control-plane/session.ts";
import { type Definition, ownerId } from "../../definition/definition.ts";
import { renderDefinition } from "../../definition/render-definition.ts";
import { taskName } from "../../definition/task-scope.ts";
import type { Remembered } from "../../registration/plan.ts";
import type { Recorder } from "../../report/recorder.ts";
import type { Redactor } from "../../report/redaction.ts";
import type { Report } from "../../report/report.ts";
import type { ControlPlaneTarget, GivenSettings, LoadedSettings } from "../../settings/load.ts";
import { requireTarget } from "../../settings/load.ts";
import type { Settings } from "../../settings/schema.ts";
import type { World } from "./world.ts";

/** What a command that talks to a control plane works with. */
export interface Run {
  settings: Settings;
  target: ControlPlaneTarget;
  scope: { org: string; project: string; domain: string };
  /** Absent where no appVersion is given, which `status` puts up with. */
  definition: Definition | undefined;
  session: Session;
  registrations: Registrations;
  recorder: Recorder;
  /** Ends at SIGTERM and at `timeouts.total`. */
  signal: AbortSignal;
  ensureProject: () => Promise<ProjectOutcome>;
  /** What earlier runs of this installation have left in its status. */
  remember: () => Promise<Remembered>;
  /** Notes there what this run is about to register. */
  announce: (version: string) => Promise<void>;
  /** Throws release-moved-on where a scheduled run's release is no longer the one that is installed. */
  ensureNotMovedOn: () => Promise<void>;
}

/**
 * Prepares a run: renders the definition, sets the session up. Nothing is contacted.
 * @param given the settings before their release was asked for (`resolveAppVersion`)
 */
export function prepareRun(
  loaded: LoadedSettings,
  given: GivenSettings,
  world: World,
  recorder: Recorder,
  redactor: Redactor,
  signal: AbortSignal,
): Run {
  const { settings } = loaded;
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
  const openCluster = () => world.openCluster(settings.release.namespace, signal);
  return {
    settings,
    target,
    scope,
    definition: renderDefinition(settings, world),
    session,
    registrations: registrationsOf(session, scope),
    recorder,
    signal,
    ensureNotMovedOn: () => ensureNotMovedOn(given, settings.appVersion ?? "", openCluster, recorder),
    // Loaded only by a run that writes, like all that such a run alone needs.
    async ensureProject() {
      const { ensureProject } = await import("../../control-plane/projects.ts");
      return ensureProject(session, scope, settings.policy.ensureProject);
    },
    remember: () => remember(settings, world, signal),
    announce: (version) => announce(version, ownerId(settings.release), settings, world, signal),
  };
}

/** What the run is about, for its report. */
export function subjectOf({ settings }: GivenSettings, target: ControlPlaneTarget | undefined): Report["subject"] {
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

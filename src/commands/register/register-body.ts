import { type Confirmed, recallConfirmed } from "../../cluster/confirmation.ts";
import { ensureNotMovedOn } from "../../cluster/moved-on.ts";
import { announce, remember } from "../../cluster/remember.ts";
import type { DeployOutcome } from "../../control-plane/registrations.ts";
import { type Definition, ownerId, specOf } from "../../definition/definition.ts";
import { requireDefinition } from "../../definition/render-definition.ts";
import { cleanText } from "../../findings/clean-text.ts";
import { runRegistration } from "../../registration/run-registration.ts";
import { scopeName, taskName } from "../../settings/task-scope.ts";
import type { CommandBody, Shell } from "../shell/command.ts";
import { type ControlPlaneRun, runOnControlPlane } from "../shell/control-plane-run.ts";
import type { Ending } from "../shell/ending.ts";

/** The flags of `register`. */
export interface RegisterOptions {
  /** Plan, and write nothing. */
  dryRun: boolean;
  /** Show what the flyte CLI prints. */
  verbose: boolean;
}

/** Registers the definition of these settings. */
export const register: CommandBody<RegisterOptions> = (shell, { dryRun, verbose }) =>
  runOnControlPlane(
    "register",
    shell,
    async (run) => {
      const { settings, scope, session, signal } = run;
      const { world } = shell;
      const definition = requireDefinition(run.definition);
      const owner = ownerId(settings.release);
      const confirmed = dryRun ? undefined : await recallConfirmed(settings, run.question, world, signal);
      if (confirmed) return notDue(confirmed, scopeName(scope));
      const openCluster = () => world.openCluster(settings.release.namespace, signal);
      return runRegistration({
        wanted: { appVersion: definition.ownership.appVersion, owner, scope: scopeName(scope) },
        definition,
        settings,
        dryRun,
        registrations: run.registrations,
        recorder: run.recorder,
        signal,
        clock: world.clock,
        giveUpAfterMilliseconds: settings.timeouts.controlPlane,
        remember: () => remember(settings, world, signal),
        announce: (version) => announce(version, owner, settings, world, signal),
        ensureNotMovedOn: () => ensureNotMovedOn(run.given, settings.appVersion ?? "", openCluster, run.recorder),
        // Loaded only by a run that writes.
        async ensureProject() {
          const { ensureProject } = await import("../../control-plane/projects.ts");
          return ensureProject(session, scope, settings.policy.ensureProject);
        },
        writeOnce: await writerOf(run, definition, shell, verbose),
      });
    },
    { dryRun },
  );

/** The end of a scheduled run that relies on the answer to an earlier one. */
function notDue({ version, due }: Confirmed, where: string): Ending {
  const until = `the control plane is asked again from ${due.toISOString()} (policy.lookAgainAfter)`;
  return { state: "not-due", summary: `${version} is current in ${where} by the last answer; ${until}` };
}

/** What writes one version: the program itself, or the flyte CLI (`task.deployWith`). */
async function writerOf(
  run: ControlPlaneRun,
  definition: Definition,
  { world, writeError }: Shell,
  verbose: boolean,
): Promise<(version: string) => Promise<DeployOutcome>> {
  const { settings, scope, registrations } = run;
  if (settings.task.deployWith === "api") {
    return (version) => registrations.deploy(version, specOf(definition, { ...scope, name: taskName, version }));
  }
  const { flyteWriter } = await import("../../flyte/writer.ts");
  return flyteWriter(definition, run, world, (output) => {
    if (verbose) writeError(cleanText(output));
  });
}

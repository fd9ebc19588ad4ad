import { retry } from "../control-plane/retry.ts";
import { releaseId } from "../definition/definition.ts";
import { RegistrarError } from "../errors/registrar-error.ts";
import { type DeployOutcome, deploy } from "../flyte/deploy.ts";
import { ensureEnoughMemory } from "../flyte/memory.ts";
import { requireDefinition } from "../preparation.ts";
import { register } from "../register.ts";
import { recognise } from "../verify.ts";
import type { World } from "../world.ts";
import { type ReportedInvocation, reported } from "./reported.ts";

/** `registrar register`: makes this release's definition current. */
export function registerCommand(invocation: ReportedInvocation & { dryRun: boolean }, world: World): Promise<number> {
  return reported("register", invocation, world, async (run, showOutput) => {
    const { settings, target, scope, registrations, recorder, signal } = run;
    const definition = requireDefinition(run.definition);
    const { appVersion } = definition.signature;
    const registering = register({
      wanted: { appVersion, release: releaseId(settings.release), scope: `${scope.project}/${scope.domain}` },
      definition,
      settings,
      dryRun: invocation.dryRun,
      registrations,
      ensureNotMovedOn: run.ensureNotMovedOn,
      ensureProject: run.ensureProject,
      deploy: async (version) => {
        const { flyteCommand: command, timeouts } = settings;
        const request = { command, target, scope, version, source: definition.source, timeout: timeouts.flyte };
        const { runProcess, environment, temporaryFolder, clock } = world;
        ensureEnoughMemory(world.readFile);
        let attempts = 0;
        const attempt = async (): Promise<DeployOutcome> => {
          // A CLI that was stopped may have done its work, and another run may have come first.
          const current = attempts++ > 0 ? await registrations.current() : undefined;
          if (current && recognise(current, definition).isWanted) return "already there";
          if (attempts > 1) await run.ensureNotMovedOn();
          return deploy(request, { runProcess, environment, temporaryFolder, signal, onOutput: showOutput });
        };
        return retry(attempt, timeouts.controlPlane, clock, signal);
      },
      recorder,
      signal,
    });
    return registering.catch((error: unknown) => {
      if (!(error instanceof RegistrarError && error.code === "release-moved-on")) throw error;
      recorder.warn({ ...error.finding, severity: "warning" });
      return { state: "superseded", summary: `${appVersion} is no longer this release; nothing was written` };
    });
  });
}

import type { DeployOutcome } from "../../control-plane/registrations.ts";
import { type Definition, ownerId, specOf } from "../../definition/definition.ts";
import { requireDefinition } from "../../definition/render-definition.ts";
import { scopeName, taskName } from "../../definition/task-scope.ts";
import { RegistrarError } from "../../findings/registrar-error.ts";
import { recognize } from "../../registration/recognize.ts";
import { register } from "../../registration/register.ts";
import { retry } from "../../system/retry.ts";
import { type ReportedInvocation, reported } from "../shell/reported.ts";
import type { Run } from "../shell/run.ts";
import type { World } from "../shell/world.ts";

/** `registrar register`: makes the definition of this appVersion current. */
export function registerCommand(invocation: ReportedInvocation & { dryRun: boolean }, world: World): Promise<number> {
  return reported("register", invocation, world, async (run, showOutput) => {
    const { settings, scope, registrations, recorder, signal } = run;
    const definition = requireDefinition(run.definition);
    const { appVersion } = definition.ownership;
    const write =
      settings.task.deployWith === "api"
        ? (version: string) => registrations.deploy(version, specOf(definition, { ...scope, name: taskName, version }))
        : await (await import("../../flyte/writer.ts")).flyteWriter(definition, run, world, showOutput);
    const registering = register({
      wanted: { appVersion, owner: ownerId(settings.release), scope: scopeName(scope) },
      ...{ definition, settings, dryRun: invocation.dryRun, registrations, recorder, signal },
      remember: run.remember,
      announce: run.announce,
      ensureNotMovedOn: run.ensureNotMovedOn,
      ensureProject: run.ensureProject,
      deploy: (version) => writeUntilDone(() => write(version), definition, run, world),
    });
    return registering.catch((error: unknown) => {
      if (!(error instanceof RegistrarError && error.code === "release-moved-on")) throw error;
      recorder.warn({ ...error.finding, severity: "warning" });
      return { state: "superseded", summary: `${appVersion} is no longer installed here; nothing was written` };
    });
  });
}

/** Repeats a write while it fails for a moment. One whose answer was lost may have been done, and another run may have come first. */
function writeUntilDone(
  write: () => Promise<DeployOutcome>,
  definition: Definition,
  { registrations, settings, ensureNotMovedOn, signal }: Run,
  { clock }: World,
): Promise<DeployOutcome> {
  let attempts = 0;
  return retry(
    async () => {
      if (attempts++ > 0) {
        const current = await registrations.current();
        if (current && recognize(current, definition).isWanted) return "already there";
        await ensureNotMovedOn();
      }
      return write();
    },
    settings.timeouts.controlPlane,
    clock,
    signal,
  );
}

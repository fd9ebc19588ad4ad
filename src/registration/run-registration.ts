import type { DeployOutcome, Registrations } from "../control-plane/registrations.ts";
import type { Definition } from "../definition/definition.ts";
import { RegistrarError } from "../findings/registrar-error.ts";
import type { Clock } from "../system/clock.ts";
import { retry } from "../system/retry.ts";
import { recognize } from "./recognize.ts";
import { type RegisterRequest, type RegisterResult, register } from "./register.ts";

/** A registration whose writes are repeated. */
export interface RegistrationRun extends Omit<RegisterRequest, "deploy"> {
  registrations: Registrations;
  /** Writes one version, in one attempt. */
  writeOnce(version: string): Promise<DeployOutcome>;
  /** Milliseconds after which a write is given up. */
  giveUpAfterMilliseconds: number;
  clock: Clock;
}

/** How a run ended: as a registration does, or superseded by an upgrade or rollback of the Helm release. */
export type RunResult = RegisterResult | { state: "superseded"; summary: string; previous?: undefined };

/**
 * Registers, and repeats writes that fail for a moment. A run whose Helm release was upgraded meanwhile writes nothing and
 * ends with a warning.
 * @throws {RegistrarError} what `register` and the writes throw
 */
export async function runRegistration(run: RegistrationRun): Promise<RunResult> {
  try {
    return await register({ ...run, deploy: (version) => writeUntilDone(version, run) });
  } catch (error) {
    if (!(error instanceof RegistrarError && error.code === "release-moved-on")) throw error;
    run.recorder.warn({ ...error.finding, severity: "warning" });
    const { appVersion } = run.wanted;
    return { state: "superseded", summary: `${appVersion} is no longer installed here; nothing was written` };
  }
}

/**
 * Repeats a write while it fails for a moment. Before each repetition it looks whether the write whose answer was lost was
 * stored, or another run was first, and whether the Helm release has been upgraded.
 */
function writeUntilDone(version: string, run: RegistrationRun): Promise<DeployOutcome> {
  const { definition, registrations, giveUpAfterMilliseconds, clock, signal } = run;
  let attempts = 0;
  return retry(
    async () => {
      if (attempts++ > 0) {
        if (await isCurrent(definition, registrations)) return "already there";
        await run.ensureNotMovedOn();
      }
      return run.writeOnce(version);
    },
    giveUpAfterMilliseconds,
    clock,
    signal,
  );
}

async function isCurrent(definition: Definition, registrations: Registrations): Promise<boolean> {
  const current = await registrations.current();
  return current !== undefined && recognize(current, definition).isWanted;
}

import type { DeployOutcome, TaskScope } from "../control-plane/registrations.ts";
import type { Definition } from "../definition/definition.ts";
import { pythonFrom } from "../preparation.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { Settings } from "../settings/schema.ts";
import type { World } from "../world.ts";
import { deploy } from "./deploy.ts";
import { ensureEnoughMemory } from "./memory.ts";
import { removeLeftovers } from "./private-folder.ts";
import { requireSuitableFlyte } from "./version.ts";

/**
 * Makes the function that writes a version by the flyte CLI (`task.deployWith: flyte`), and removes what killed runs have
 * left behind.
 * @throws {RegistrarError} from the function: memory-too-low, flyte-…, and by the table of failures.ts
 */
export async function flyteWriter(
  definition: Definition,
  run: { settings: Settings; target: ControlPlaneTarget; scope: TaskScope; signal: AbortSignal },
  world: World,
  onOutput: (output: string) => void,
): Promise<(version: string) => Promise<DeployOutcome>> {
  await removeLeftovers(world);
  const { settings, target, scope, signal } = run;
  const { flyteCommand: command, timeouts } = settings;
  let suitable: Promise<unknown> | undefined;
  return async (version) => {
    ensureEnoughMemory(world.readFile);
    suitable ??= requireSuitableFlyte(command, world, signal);
    await suitable;
    const source = pythonFrom(definition, world);
    return deploy({ command, target, scope, version, source, timeout: timeouts.flyte }, { ...world, signal, onOutput });
  };
}

import type { DeployOutcome } from "../control-plane/registrations.ts";
import type { Definition } from "../definition/definition.ts";
import { renderPythonDefinition, type TemplateFiles } from "../definition/render-definition.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { Settings } from "../settings/schema.ts";
import type { TaskScope } from "../settings/task-scope.ts";
import { removeLeftovers } from "../system/private-folder.ts";
import type { RunProcess } from "../system/process.ts";
import type { Environment } from "../system/surroundings.ts";
import { requireSuitableFlyte } from "./cli-version.ts";
import { deploy } from "./deploy.ts";
import { ensureEnoughMemory } from "./memory.ts";

/** What running the flyte CLI depends on. */
interface FlyteWorld extends TemplateFiles {
  runProcess: RunProcess;
  environment: Environment;
  temporaryFolder: string;
  runId: string;
  isRunning(runId: string): boolean;
}

/**
 * Makes the function that registers a version by the flyte CLI (`task.deployWith: flyte`). Removes the private folders that
 * killed runs have left.
 * @throws {RegistrarError} from the function: memory-too-low, flyte-…, and the codes in deploy-failures.ts
 */
export async function flyteWriter(
  definition: Definition,
  run: { settings: Settings; target: ControlPlaneTarget; scope: TaskScope; signal: AbortSignal },
  world: FlyteWorld,
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
    const source = renderPythonDefinition(definition, world);
    const request = { command, target, scope, version, source, timeoutMilliseconds: timeouts.flyte };
    return deploy(request, { ...world, signal, onOutput });
  };
}

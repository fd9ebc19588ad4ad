import { appVersionFrom } from "./cluster/app-version.ts";
import { type Definition, define } from "./definition/definition.ts";
import { problem } from "./errors/registrar-error.ts";
import type { ControlPlaneTarget, LoadedSettings } from "./settings/load.ts";
import type { Settings } from "./settings/schema.ts";
import type { World } from "./world.ts";

// What a registration and the checks of its settings do alike, before anything is contacted but the cluster.

/**
 * The settings with their release known: `appVersionFrom` is asked where no appVersion is given.
 * @throws {RegistrarError} app-version-not-found
 */
export async function withRelease(
  loaded: LoadedSettings,
  world: Pick<World, "openCluster">,
  signal: AbortSignal,
): Promise<LoadedSettings> {
  const { appVersion, appVersionFrom: source, release } = loaded.settings;
  if (appVersion !== undefined || source === undefined) return loaded;
  const found = await appVersionFrom(source, () => world.openCluster(release.namespace, signal));
  return { ...loaded, settings: { ...loaded.settings, appVersion: found } };
}

/** Renders the definition of these settings; nothing where they name no release. */
export function defineFrom(
  settings: Settings,
  world: Pick<World, "readFile" | "templateFile">,
): Definition | undefined {
  const { appVersion, task, release } = settings;
  if (appVersion === undefined) return undefined;
  const file = task.templateFile ?? world.templateFile;
  let text: string;
  try {
    text = world.readFile(file);
  } catch (error) {
    throw problem("file-unreadable", { file, setting: "task.templateFile" }, error);
  }
  return define({ appVersion, task, release }, { file, text, own: task.templateFile === undefined });
}

/** The definition, for commands that are about one. */
export function requireDefinition(definition: Definition | undefined): Definition {
  if (definition) return definition;
  const missing = "appVersion: nothing is given; it is the release to register, for example 2026.3.4";
  throw problem("settings-wrong", { problems: [missing] });
}

/** The control plane, for commands that contact one. */
export function requireTarget({ target }: LoadedSettings): ControlPlaneTarget {
  if (target) return target;
  const missing = "controlPlane.endpoint: nothing is given; for example dns:///union.example.com";
  throw problem("settings-wrong", { problems: [missing] });
}

import { join } from "node:path";
import { appVersionFrom } from "./cluster/app-version.ts";
import { type Definition, define } from "./definition/definition.ts";
import { renderPython } from "./definition/python-file.ts";
import type { Template } from "./definition/template.ts";
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
export function defineFrom(settings: Settings, world: Templates): Definition | undefined {
  const { appVersion, task, release } = settings;
  if (appVersion === undefined) return undefined;
  const file = task.templateFile ?? join(world.templateFolder, "build_image_task.yaml.hbs");
  return define({ appVersion, task, release }, readTemplate(file, world));
}

/** The definition as the Python file that the flyte CLI deploys. */
export function pythonFrom(definition: Definition, world: Templates): string {
  return renderPython(readTemplate(join(world.templateFolder, "build_image_task.py.hbs"), world), definition);
}

type Templates = Pick<World, "readFile" | "templateFolder">;

function readTemplate(file: string, world: Templates): Template {
  try {
    return { file, text: world.readFile(file) };
  } catch (error) {
    throw problem("file-unreadable", { file, setting: "task.templateFile" }, error);
  }
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

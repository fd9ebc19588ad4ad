import { join } from "node:path";
import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import { readNamedText } from "../settings/named-files.ts";
import type { Settings } from "../settings/schema.ts";
import type { ReadFile } from "../system/surroundings.ts";
import { type Definition, define } from "./definition.ts";
import { renderPython } from "./python-file.ts";
import type { Template } from "./template.ts";

/** Where templates are read from. */
export interface TemplateFiles {
  readFile: ReadFile;
  /** Folder of the program's own templates. */
  templateFolder: string;
}

/**
 * Renders the definition of these settings, from the user's template or the program's own.
 * @returns the definition; nothing if the settings have no appVersion
 * @throws {RegistrarError} file-unreadable, file-malformed, template-unusable
 */
export function renderDefinition(settings: Settings, files: TemplateFiles): Definition | undefined {
  const { appVersion, task, release } = settings;
  if (appVersion === undefined) return undefined;
  const file = task.templateFile ?? join(files.templateFolder, "build_image_task.yaml.hbs");
  return define({ appVersion, task, release }, readTemplate(file, files));
}

/**
 * Renders the definition as the Python file that the flyte CLI deploys.
 * @throws {RegistrarError} file-unreadable, file-malformed, template-unusable
 */
export function renderPythonDefinition(definition: Definition, files: TemplateFiles): string {
  return renderPython(readTemplate(join(files.templateFolder, "build_image_task.py.hbs"), files), definition);
}

/**
 * The definition, for commands that cannot do without one.
 * @throws {RegistrarError} settings-wrong
 */
export function requireDefinition(definition: Definition | undefined): Definition {
  if (definition) return definition;
  throw appVersionMissing();
}

/** The error `settings-wrong` of settings without an appVersion. */
export function appVersionMissing(): RegistrarError {
  const missing = { setting: "appVersion", problem: "not set; it is the platform's version, for example 2026.3.4" };
  return problem("settings-wrong", { problems: [missing] });
}

function readTemplate(file: string, { readFile }: TemplateFiles): Template {
  return { file, text: readNamedText(file, "task.templateFile", readFile) };
}

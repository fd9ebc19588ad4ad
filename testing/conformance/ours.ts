import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { define, specOf, type TaskId } from "../../src/definition/definition.ts";
import { renderPython } from "../../src/definition/python-file.ts";
import type { Template } from "../../src/definition/template.ts";
import { settingsSchema } from "../../src/settings/schema.ts";
import type { ReleaseSettings } from "./random-settings.ts";

/** Both forms in which we have the task of some settings, and the id that it is stored under. */
export interface Ours {
  id: TaskId;
  /** The spec that we write, in protobuf's JSON. */
  spec: JsonValue;
  /** `build_image_task.py`. */
  source: string;
}

const templates = { yaml: readTemplate("build_image_task.yaml.hbs"), python: readTemplate("build_image_task.py.hbs") };

function readTemplate(name: string): Template {
  const file = join(import.meta.dirname, "../../templates", name);
  return { file, text: readFileSync(file, "utf8") };
}

/**
 * Renders the task of settings in both forms.
 * @throws {ZodError} where the schema refuses the settings
 */
export function oursOf(settings: ReleaseSettings): Ours {
  const { task, release, controlPlane } = settingsSchema.parse(settings);
  const { appVersion } = settings;
  const definition = define({ appVersion, task, release }, templates.yaml);
  const { project, domain } = task;
  const id = { org: controlPlane.org ?? "", project, domain, name: "build-image", version: appVersion };
  const spec = toJson(TaskSpecSchema, specOf(definition, id));
  return { id, spec, source: renderPython(templates.python, definition) };
}

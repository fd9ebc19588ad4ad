import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromJsonString } from "@bufbuild/protobuf";
import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import { DeployTaskRequestSchema } from "#flyteidl2/task/task_service_pb.js";
import type { DefinitionSettings } from "../../src/definition/context.ts";
import type { Template } from "../../src/definition/render.ts";
import { settingsSchema } from "../../src/settings/schema.ts";

const root = join(import.meta.dirname, "../..");
const file = "build_image_task.py.hbs";

/** The template that comes with the program. */
export const ownTemplate: Template = { file, text: readFileSync(join(root, "templates", file), "utf8"), own: true };

/** A user's own template. */
export function templateOf(text: string): Template {
  return { file: "mine.hbs", text, own: false };
}

/** Settings as parsed from a file: defaults but for what is given. */
export function settingsOf(given: { [key: string]: unknown } = {}): DefinitionSettings {
  const { appVersion = "", task, release } = settingsSchema.parse({ appVersion: "2026.3.4", ...given });
  return { appVersion, task, release };
}

/** The spec that the documented procedure was recorded to store. */
export function recordedSpec(sdk: "2.12.1" | "2.5.14", copyStyle: "default" | "none" = "none"): TaskSpec {
  const recording = join(root, `test/recordings/DeployTask-${sdk}-copy-style-${copyStyle}.json`);
  const { spec } = fromJsonString(DeployTaskRequestSchema, readFileSync(recording, "utf8"));
  if (!spec) throw new Error(`${recording} holds no spec`);
  return spec;
}

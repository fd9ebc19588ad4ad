import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromJson, fromJsonString, type JsonValue, toJson } from "@bufbuild/protobuf";
import { expect } from "vitest";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { DeployTaskRequestSchema } from "#flyteidl2/task/task_service_pb.js";
import type { DefinitionSettings } from "../../src/definition/context.ts";
import type { Template } from "../../src/definition/template.ts";
import { RegistrarError } from "../../src/findings/registrar-error.ts";
import { settingsSchema } from "../../src/settings/schema.ts";
import { described } from "../../testing/findings/described.ts";

const root = join(import.meta.dirname, "../..");

/** The template that comes with the program. */
export const ownTemplate = templateIn("build_image_task.yaml.hbs");

/** The template of the file that the flyte CLI deploys. */
export const pythonTemplate = templateIn("build_image_task.py.hbs");

function templateIn(file: string): Template {
  return { file, text: readFileSync(join(root, "templates", file), "utf8") };
}

/** A user's own template. */
export function templateOf(text: string): Template {
  return { file: "mine.yaml.hbs", text };
}

/** The program's own template as a user has changed it; each text has to be there. */
export function changedTemplate(...changes: readonly (readonly [string, string])[]): Template {
  const text = changes.reduce((before, [from, to]) => {
    expect(before.split(from), from).not.toHaveLength(1);
    return before.replace(from, () => to);
  }, ownTemplate.text);
  return templateOf(text);
}

/** The finding's reason where a template of a user's cannot be used. */
export function whyUnusable(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    expect(error).toBeInstanceOf(RegistrarError);
    if (error instanceof RegistrarError) {
      expect(error).toMatchObject({ code: "template-unusable", exit: 2 });
      expect(described(error).what).toContain("mine.yaml.hbs");
      expect(error.finding.why).not.toContain("mine.yaml.hbs");
      return error.finding.why;
    }
  }
  throw new Error("the template was taken");
}

/** Settings as parsed from a file: defaults but for what is given. */
export function settingsOf(given: { [key: string]: unknown } = {}): DefinitionSettings {
  const { appVersion = "", task, release } = settingsSchema.parse({ appVersion: "2026.3.4", ...given });
  return { appVersion, task, release };
}

/** The spec that the documented procedure was recorded to store. */
export function recordedSpec(sdk: "2.12.1" | "2.5.14", copyStyle: "default" | "none" = "none"): TaskSpec {
  const recording = join(root, `testing/recordings/DeployTask-${sdk}-copy-style-${copyStyle}.json`);
  const { spec } = fromJsonString(DeployTaskRequestSchema, readFileSync(recording, "utf8"));
  if (!spec) throw new Error(`${recording} holds no spec`);
  return spec;
}

/** A spec by its JSON names. */
export function jsonOf(spec: TaskSpec): JsonValue {
  return toJson(TaskSpecSchema, spec);
}

export function specFrom(json: JsonValue): TaskSpec {
  return fromJson(TaskSpecSchema, json);
}

/** JSON with the keys of every mapping in one order; a key `__proto__` is a key like any other there. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    isMapping(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a === b ? 0 : a < b ? -1 : 1)))
      : inner,
  );
}

/** Every value that holds no other, with the keys that lead to it; an empty mapping or list is one too. */
export function leavesOf(value: unknown, path: readonly string[] = []): { path: readonly string[]; value: unknown }[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return inner.length === 0 ? [{ path, value }] : inner.flatMap(([key, one]) => leavesOf(one, [...path, key]));
}

function isMapping(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

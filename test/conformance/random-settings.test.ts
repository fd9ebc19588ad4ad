import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { settingsSchema } from "../../src/settings/schema.ts";
import { randomSettings } from "../../testing/conformance/random-settings.ts";

const samples = fc.sample(randomSettings, { numRuns: 1000, seed: 1 });

test("the schema takes all random settings", () => {
  expect(samples.flatMap((settings) => settingsSchema.safeParse(settings).error?.issues ?? [])).toEqual([]);
});

test("random settings give all that a definition is made from, in every form that the schema takes", () => {
  const schema = z.toJSONSchema(settingsSchema.pick({ appVersion: true, release: true, task: true }), { io: "input" });
  const forms = formsOf(schema as JsonSchema).filter(({ path }) => !notStored.has(path.join(".")));
  expect(forms.length).toBeGreaterThan(60);
  const missing = forms.filter(
    ({ path, form }) => !valuesAt(samples, ["*", ...path]).some((value) => value === form || kindOf(value) === form),
  );
  expect(missing.map(({ path, form }) => `${path.join(".")}: ${form}`)).toEqual([]);
});

/** How a definition is made and written, which none says. */
const notStored: ReadonlySet<string> = new Set(["task.templateFile", "task.deployWith"]);

interface JsonSchema {
  type?: string | string[];
  enum?: string[];
  anyOf?: JsonSchema[];
  properties?: Readonly<Record<string, JsonSchema>>;
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
}

/** Each leaf of a schema with one of its words or kinds; `*` stands for an index and for a free key. */
function formsOf(schema: JsonSchema, path: readonly string[] = []): { path: readonly string[]; form: string }[] {
  const { type = [], enum: words, anyOf = [], properties = {}, items, additionalProperties: inner } = schema;
  const kinds = [type].flat().filter((kind) => kind !== "object" && kind !== "array");
  return [
    ...(words ?? kinds).map((form) => ({ path, form: form === "integer" ? "number" : form })),
    ...anyOf.flatMap((one) => formsOf(one, path)),
    ...Object.entries(properties).flatMap(([key, one]) => formsOf(one, [...path, key])),
    ...(items ? formsOf(items, [...path, "*"]) : []),
    ...(typeof inner === "object" ? formsOf(inner, [...path, "*"]) : []),
  ];
}

function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined) return [value];
  if (typeof value !== "object" || value === null) return [];
  const inner: unknown[] = step === "*" ? Object.values(value) : [Reflect.get(value, step)];
  return inner.flatMap((one) => valuesAt(one, rest));
}

function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

import * as z from "zod";
import { settingsSchema } from "./schema.ts";

/** One setting: its path and what is known of it. */
export interface Leaf {
  /** Keys from the root, e.g. `["task", "logLevel"]`. */
  path: readonly string[];
  description: string;
  example: unknown;
  /** `text`, `number`, `boolean`, `object` or `list`, or the words it may be. */
  kind: string;
  /** The default, as it would be given. */
  fallback: unknown;
}

let known: readonly Leaf[] | undefined;

/** Every leaf of the settings, in the order of the schema; flags, variables, messages and documents use this list. */
export function leavesOfSettings(): readonly Leaf[] {
  known ??= leavesOf(settingsSchema, []);
  return known;
}

/** The setting at this path, or the one that this path leads into. */
export function leafAt(path: readonly PropertyKey[], leaves: readonly Leaf[]): Leaf | undefined {
  return leaves.find((leaf) => startsWith(path, leaf.path));
}

/** Whether a path begins with these keys. */
export function startsWith(path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean {
  return start.every((key, index) => key === path[index]);
}

/** The keys that settings may have at this path, also inside of leaves; none if they may have any. */
export function keysAt(path: readonly PropertyKey[], schema: z.core.$ZodType = settingsSchema): string[] {
  const inner = unwrapped(schema);
  const [key, ...rest] = path;
  if (inner instanceof z.ZodArray) return keysAt(rest, inner.element);
  if (!(inner instanceof z.ZodObject)) return [];
  if (key === undefined) return Object.keys(inner.shape);
  const below = inner.shape[String(key)];
  return below ? keysAt(rest, below) : [];
}

function leavesOf(schema: z.core.$ZodType, path: readonly string[]): Leaf[] {
  const inner = unwrapped(schema);
  // One with a description is given as a whole.
  if (inner instanceof z.ZodObject && metaOf(schema).description === "") {
    return Object.entries(inner.shape).flatMap(([key, value]) => leavesOf(value as z.ZodType, [...path, key]));
  }
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const discriminator = inner.def.discriminator;
    const options = inner.options as z.ZodObject[];
    const type: Leaf = {
      path: [...path, discriminator],
      description: metaOf(schema).description,
      example: "clientSecret",
      kind: options.map((option) => (option.shape[discriminator] as z.ZodLiteral).value).join("|"),
      fallback: "none",
    };
    // A key that several types have is one setting.
    const keys = Object.assign({}, ...options.map(({ shape }) => shape)) as z.core.$ZodShape;
    return [type, ...leavesOf(z.object(withoutKey(keys, discriminator)), path)];
  }
  return [{ path, ...metaOf(schema), kind: kindOf(inner), fallback: fallbackOf(schema) }];
}

function withoutKey(shape: z.core.$ZodShape, key: string): z.core.$ZodShape {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => name !== key));
}

function metaOf(schema: z.core.$ZodType): { description: string; example: unknown } {
  const { description = "", examples } = z.globalRegistry.get(schema) ?? {};
  return { description, example: Array.isArray(examples) ? examples[0] : undefined };
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapper ? unwrapped(schema.def.innerType) : schema;
}

function fallbackOf(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return schema.def.defaultValue;
  return undefined;
}

function kindOf(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.join("|");
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodPipe) return schema.def.in instanceof z.ZodString ? "duration" : "number";
  if (schema instanceof z.ZodArray) return "list";
  return schema instanceof z.ZodRecord || schema instanceof z.ZodObject ? "object" : "text";
}

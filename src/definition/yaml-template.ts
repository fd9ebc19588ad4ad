import { describeCause } from "../findings/describe-cause.ts";
import { dotted } from "../settings/names.ts";
import { isMapping } from "../settings/sources.ts";
import { parseYaml } from "../settings/yaml.ts";
import type { DefinitionContext } from "./context.ts";
import { parsedTexts } from "./precompiled.ts";
import { type Json, renderTemplate, type Template } from "./template.ts";

/** From Unicode's private use area: it has no meaning in YAML. */
const mark = "\uE000";
const placeholder = new RegExp(`^${mark}(\\d+)${mark}$`);
/** The mark, or an escape for it. */
const written = /\uE000|\\u[Ee]000|\\U0000[Ee]000/;

/**
 * Renders a YAML template. The parser never sees a value: each `{{yaml x}}` writes a placeholder, and the values replace
 * these in the parsed tree. So a setting is always one whole value, and can neither add nor change another field.
 * @returns the tree, without the keys whose value is null
 * @throws {RegistrarError} template-unusable, from the template
 * @throws {Error} if the result is not YAML, or a placeholder is not a whole value
 */
export function renderYaml(template: Template, context: DefinitionContext): Json {
  const { text, values } = renderPlaceholders(template, context);
  return withValues(parsedTexts.get(text) ?? parsed(text), values, []);
}

/**
 * Renders a YAML template with a placeholder for each value, in order.
 * @throws {RegistrarError} template-unusable
 * @throws {Error} if the template contains the mark of placeholders
 */
export function renderPlaceholders(template: Template, context: DefinitionContext): { text: string; values: Json[] } {
  if (written.test(template.text)) throw new Error("it contains the character U+E000, which is reserved");
  const values: Json[] = [];
  const write = (value: Json) => `"${mark}${values.push(value) - 1}${mark}"`;
  return { text: renderTemplate(template, context, { name: "yaml", write }), values };
}

/** Lines are those of the rendered text, which loops make longer than the template. */
function parsed(text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    throw new Error(`the rendered text is not YAML: ${describeCause(error)}`);
  }
}

function withValues(node: unknown, values: readonly Json[], path: readonly PropertyKey[]): Json {
  if (typeof node === "string") {
    const [, index] = placeholder.exec(node) ?? [];
    if (index !== undefined) return values[Number(index)] ?? null;
    if (node.includes(mark))
      throw wrong(path, "{{yaml …}} must be a whole value, outside of quotation marks and comments");
    return node;
  }
  if (Array.isArray(node)) return node.map((inner, index) => withValues(inner, values, [...path, index]));
  // YAML also has .nan, and YAML 1.1 has dates and sets.
  const isJson = isMapping(node) ? Object.getPrototypeOf(node) === Object.prototype : !isNotFinite(node);
  if (!isJson) throw wrong(path, "is not a JSON value");
  if (!isMapping(node)) return node as Json;
  const filled = new Map<string, Json>();
  for (const [name, inner] of Object.entries(node)) {
    const key = withValues(name, values, path);
    if (typeof key !== "string") throw wrong(path, "{{yaml …}} is used as a key, but is not text");
    const place = [...path, key];
    if (filled.has(key)) throw wrong(place, "two keys of one mapping are equal");
    const value = withValues(inner, values, place);
    if (value !== null) filled.set(key, value);
  }
  return Object.fromEntries(filled);
}

function isNotFinite(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

function wrong(path: readonly PropertyKey[], what: string): Error {
  return new Error(path.length === 0 ? what : `${dotted(path)}: ${what}`);
}

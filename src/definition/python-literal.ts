import type { Json } from "./template.ts";

/**
 * A value as a Python literal, in ASCII. Settings enter the rendered file only in this form, so none can become code: every
 * quote, backslash, line break and non-ASCII character of a string is escaped.
 */
export function pythonLiteral(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return pythonString(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError(`${value} has no Python literal`);
    return Object.is(value, -0) ? "0" : String(value);
  }
  if (isList(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return `{${entries.map(([key, inner]) => `${pythonString(key)}: ${pythonLiteral(inner)}`).join(", ")}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

function pythonString(value: string): string {
  const escaped = Array.from(value, (character) => {
    if (character === "\\" || character === '"') return `\\${character}`;
    const point = character.codePointAt(0) ?? 0;
    if (point >= 0x20 && point < 0x7f) return character;
    if (point <= 0xff) return `\\x${hex(point, 2)}`;
    return point <= 0xffff ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
  });
  return `"${escaped.join("")}"`;
}

function hex(point: number, digits: number): string {
  return point.toString(16).padStart(digits, "0");
}

import { visibleText } from "./visible-text.ts";

/** Markup that is safe to be shown: made by this file alone. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a page: text is escaped, markup is kept, nothing is left out. */
type Part = Html | string | number | undefined | readonly Part[];

/** Markup that this file has made: another value of the same shape, such as one parsed from JSON, is refused. */
const made = new WeakSet<Html>();

/**
 * Makes markup from a template whose values are escaped, in content and in quoted attributes alike.
 * @throws {TypeError} if a value is an object that `html` has not made
 */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = texts.reduce((before, text, index) => `${before}${markupOf(parts[index - 1])}${text}`);
  return trusted(markup);
}

/** A text of this program's own, such as its style, as it is. */
export function trusted(markup: string): Html {
  const whole = { markup };
  made.add(whole);
  return whole;
}

function markupOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escapeText(String(part));
  if (isList(part)) return part.map(markupOf).join("");
  if (!made.has(part)) throw new TypeError("markup is made by html alone");
  return part.markup;
}

function isList(part: Html | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

import { beginningOf } from "./cut-text.ts";

/**
 * What a terminal or a viewer obeys, or does not show: control characters but the line feed, formatting characters (those that
 * reverse the direction of text among them), halves of characters, separators of lines that only some programs know, and characters
 * that show as nothing or as a blank, but for the one that makes emoji of other characters.
 */
const unseen = /[^\P{Cc}\n]|(?!\u{fe0f})[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}\u{fffd}]/gu;

/** Longest text that is shown, in characters: more than any of our own. */
const longest = 10_000;

/** A text that may have a stranger's words in it, without what a terminal obeys; its lines stay. */
export function cleanText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(unseen, " ");
}

/** The same, cut to a length that leaves room for the rest of a report. */
export function shownText(text: string): string {
  return cleanText(beginningOf(text, longest));
}

/** The same in one line: what a command or a sentence is made from. */
export function shownWord(text: string): string {
  return shownText(text).replaceAll("\n", " ");
}

/** A value with each text in it mapped, but for its keys; an object becomes a plain one. */
export function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, map)]));
}

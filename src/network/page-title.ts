import { oneLine } from "./one-line.ts";

/** Longest part of a title that is shown, in characters. */
const longestTitle = 120;

/** The title of an HTML page in one line, at most 120 characters; nothing if it has none. Entities stay as they are. */
export function titleOf(html: string): string | undefined {
  const title = /<title(?:\s[^<>]*)?>([^<]*)/i.exec(html)?.[1] ?? "";
  return oneLine(title, longestTitle) || undefined;
}

import { cleanText } from "../findings/clean-text.ts";

/**
 * A stranger's text in one line that is safe to print: whitespace, what a terminal obeys and bytes that were no UTF-8 become one
 * space.
 * @param longest characters at most
 */
export function oneLine(text = "", longest = 120): string {
  return cleanText(text).replace(/\s+/g, " ").trim().slice(0, longest).trimEnd();
}

import { cleanText } from "../findings/clean-text.ts";
import { beginningOf } from "../findings/cut-text.ts";

/**
 * A stranger's text in one line that is safe to print: whitespace, what a terminal obeys and bytes that were no UTF-8 become one
 * space.
 * @param longest characters at most
 */
export function oneLine(text = "", longest = 120): string {
  return beginningOf(cleanText(text).replace(/\s+/g, " ").trim(), longest);
}

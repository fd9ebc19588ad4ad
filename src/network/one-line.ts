/**
 * A stranger's text in one line that is safe to print: whitespace, control characters and bytes that were no UTF-8 become
 * one space.
 * @param longest characters at most
 */
export function oneLine(text = "", longest = 120): string {
  return text
    .replace(/[\s\p{Cc}\u{fffd}]+/gu, " ")
    .trim()
    .slice(0, longest)
    .trimEnd();
}

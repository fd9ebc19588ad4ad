// A secret may lie where a text is cut. The redactor removes what is left of it there, which it finds by the ellipsis.

/** The beginning of a text, at most so many characters with the ellipsis that stands for the rest. */
export function beginningOf(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}

/** The end of a text, at most so many characters with the ellipsis that stands for what was before. */
export function endOf(text: string, longest: number): string {
  return text.length <= longest ? text : `…${text.slice(1 - longest).trimStart()}`;
}

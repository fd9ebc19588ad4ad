/** The longest title that is shown, in characters. */
const longestTitle = 120;

/**
 * The title of an HTML page, for messages about an answer that should have been another.
 * @returns at most 120 characters in one line, entities as they are; nothing if there is no title
 */
export function titleOf(html: string): string | undefined {
  const title = /<title\b[^>]*>([^<]*)/i.exec(html)?.[1]?.replace(/\s+/g, " ").trim();
  return title ? title.slice(0, longestTitle) : undefined;
}

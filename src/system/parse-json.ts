/**
 * Parses JSON.
 * @returns its value; undefined if the text is no JSON
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

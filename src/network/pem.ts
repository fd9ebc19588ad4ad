/** A block of PEM (RFC 7468). */
export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, … */
  label: string;
  /** Number of the line in which it begins, from 1. */
  line: number;
  /** What is between its first and its last line; nothing if it does not end. */
  body: string | undefined;
}

const begin = /-----BEGIN ([A-Z0-9 ]+)-----/g;

/**
 * Finds the blocks of a PEM file. Text around them, indentation and line ends of any kind are ignored, as OpenSSL and the
 * flyte CLI do; one line is enough, as shells make of a file that is not quoted.
 */
export function findPemBlocks(text: string): PemBlock[] {
  const starts = [...text.matchAll(begin)];
  return starts.map(({ 0: first, 1: label = "", index }, number) => {
    const content = text.slice(index + first.length, starts[number + 1]?.index);
    const end = content.indexOf(`-----END ${label}-----`);
    return { label, line: lineAt(text, index), body: end === -1 ? undefined : content.slice(0, end) };
  });
}

/** Number of the line that a position of a text is in, from 1. */
function lineAt(text: string, position: number): number {
  return text.slice(0, position).split(/\r\n|\r|\n/).length;
}

/** The bytes of base64 text, whose whitespace is ignored; nothing if it is not base64. */
export function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replaceAll(/\s/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, "base64") : undefined;
}

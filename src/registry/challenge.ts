/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  scheme: string;
  /** By lower-case name; empty if the scheme has none or a bare token (token68), which no scheme of registries has. */
  parameters: Readonly<Record<string, string>>;
}

/** RFC 9110, 5.6.2 and 5.6.4; a quoted string may hold commas and escaped characters. */
const token = /[!#$%&'*+.^_`|~\w-]+/y;
const quoted = /"((?:[^"\\]|\\.)*)"/sy;
const unquoted = /[^\s,"]*/y;
const token68 = /[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))/y;

/**
 * Reads the challenges of a `WWW-Authenticate` header (RFC 9110, 11.6.1): several, in one line or joined by commas.
 * What cannot be read ends the list.
 */
export function parseChallenges(header: string): Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  let position = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = position;
    const match = pattern.exec(header);
    if (match) position = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(/[\s,]*/y);
    const [word] = take(token) ?? [];
    if (word === undefined) return found;
    const last = found.at(-1);
    if (last && take(/\s*=\s*/y)) {
      const [, escaped] = take(quoted) ?? [];
      last.parameters[word.toLowerCase()] = escaped?.replace(/\\(.)/gs, "$1") ?? take(unquoted)?.[0] ?? "";
    } else {
      found.push({ scheme: word.toLowerCase(), parameters: {} });
      take(/[ \t]+/y);
      if (!/^[!#$%&'*+.^_`|~\w-]+\s*=\s*[^\s,=]/.test(header.slice(position))) take(token68);
    }
  }
}

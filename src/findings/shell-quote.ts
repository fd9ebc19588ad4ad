/** A word as it has to be typed for a POSIX shell to read it back unchanged. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The name or the address of a server in a sentence or a command, in quotes if a shell acts on what is in it: the host of a URL may
 * have all of that but blanks, `<`, `>` and `|`, a stranger may name one, and people copy what they read. Brackets of an IPv6 address stay.
 */
export function quoteHost(host: string): string {
  return /^[\w.:/[\]%-]*$/.test(host) ? host : shellQuote(host);
}

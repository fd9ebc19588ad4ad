/** A word as it has to be typed for a POSIX shell to read it back unchanged. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A URL, or host and port, as it has to be typed: zsh takes the brackets of an IPv6 address for a pattern. */
export function quoteAddress(address: string): string {
  return address.includes("[") ? shellQuote(address) : address;
}

/** A distinguished name, which Node writes as a line for each part, in one line: `O=Acme, CN=Acme Root CA`. */
export function distinguishedName(lines: string): string {
  return lines.trim().split("\n").join(", ");
}

/** The organization of a distinguished name; nothing if it has none. */
export function organizationOf(lines: string): string | undefined {
  return /^O=(.+)$/m.exec(lines)?.[1];
}

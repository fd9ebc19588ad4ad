import type { Reader } from "../reader.ts";
import { shellQuote } from "../shell-quote.ts";

/** Exit codes of the program; 128+n (a signal) is computed where it happens. */
export const exitCodes = { success: 0, failed: 1, usage: 2, controlPlane: 3, warnings: 4, deadline: 124 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What is known of one code. The raw cause (`why`) comes from the error that was met, not from here. */
export interface CodeEntry<Args> {
  exit: ExitCode;
  /** May go away without anybody doing anything, so it is retried. */
  transient?: true;
  /** One sentence: what is wrong. */
  what: (args: Args, reader: Reader) => string;
  /** Begins with a verb and names a value or a command. */
  fix: (args: Args, reader: Reader) => string;
  /** A command to run next. */
  next: (args: Args, reader: Reader) => string;
}

/** Gives an entry its argument type. */
export function entry<Args>(definition: CodeEntry<Args>): CodeEntry<Args> {
  return definition;
}

/** Where a server is: `https://union.example.com`. */
export interface At {
  endpoint: string;
}

/** A request by curl: it shows which layer fails (DNS, TCP, TLS, HTTP). */
export function curl({ endpoint }: At, { probe }: Reader): string {
  return probe("curl", `-sv --max-time 10 ${typedUrl(endpoint)}`);
}

/** A URL as a person types it in a shell: with its own path, or with `/` if it has none. */
export function typedUrl(endpoint: string): string {
  const url = URL.parse(endpoint);
  return shellQuote(url?.href ?? endpoint);
}

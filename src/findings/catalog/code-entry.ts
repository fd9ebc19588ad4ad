/** Exit codes of the program; 128+n (a signal) is computed where it happens. */
export const exitCodes = { fine: 0, failed: 1, usage: 2, controlPlane: 3, warnings: 4, deadline: 124 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What is known of one error code. The raw cause ("why") comes from the error that was met, not from here. */
export interface Entry<Args> {
  exit: ExitCode;
  /** May go away by itself, so it is retried until its deadline. */
  transient?: true;
  /** One sentence: what is wrong, as an operator would say it. */
  what: (args: Args) => string;
  /** Begins with a verb and names a value or a command. */
  fix: (args: Args) => string;
  /** A command to run next. */
  next: (args: Args) => string;
}

/** Gives an entry its argument type. */
export function entry<Args>(definition: Entry<Args>): Entry<Args> {
  return definition;
}

/** Where a control plane is: `https://union.example.com`. */
export interface At {
  endpoint: string;
}

/** `curl` against an address, as the next step to tell apart what the network does. */
export function curl({ endpoint }: At): string {
  return `curl -sv --max-time 10 ${endpoint}/`;
}

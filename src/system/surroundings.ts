/** Reads a text file; throws what node:fs throws. */
export type ReadFile = (path: string) => string;

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

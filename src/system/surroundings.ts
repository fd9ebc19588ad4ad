/** Reads a text file; throws as node:fs does. */
export type ReadFile = (path: string) => string;

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the bytes of a file; throws what node:fs throws. */
export type ReadFile = (path: string) => Uint8Array;

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

import { InvalidArgumentError } from "commander";
import type * as z from "zod";

/** Parses the value of a flag by the schema of a setting. */
export function parsedBy<T>(schema: z.ZodType<T>): (text: string) => T {
  return (text) => {
    const { data, error } = schema.safeParse(text);
    if (error) throw new InvalidArgumentError(`It ${error.issues[0]?.message}.`);
    return data;
  };
}

/** Parses each value of a flag that may have several. */
export function eachParsedBy<T>(schema: z.ZodType<T>): (text: string, before: unknown) => unknown[] {
  const parse = parsedBy(schema);
  return (text, before) => [...(Array.isArray(before) ? before : []), parse(text)];
}

/** The texts that were given to a flag, once or several times. */
export function textsOf(value: unknown): string[] {
  return [value].flat().filter((text) => typeof text === "string");
}

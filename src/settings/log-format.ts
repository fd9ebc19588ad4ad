import * as z from "zod";
import type { ReadFile } from "../system/surroundings.ts";
import { readText } from "../system/text-file.ts";
import { variableOf } from "./names.ts";
import type { Invocation } from "./parse-settings.ts";
import { type Settings, settingsSchema } from "./schema.ts";
import { fromYaml } from "./sources.ts";

/** How a run is shown. */
export type LogFormat = Settings["logFormat"];

const key = "logFormat";
const format = settingsSchema.shape[key];
const inFile = z.object({ [key]: format });

/**
 * The setting logFormat, known before the others are: it holds for what is wrong with them too. A value that it does not have
 * counts as text, and `parseSettings` reports it.
 */
export function logFormatOf(
  { flags, environment, configFile }: Pick<Invocation, "flags" | "environment" | "configFile">,
  readFile: ReadFile,
): LogFormat {
  const ofFlags = flags.findLast(({ leaf }) => leaf.path.join(".") === key)?.value;
  const given = ofFlags ?? (environment[variableOf({ path: [key] })] || undefined);
  if (given !== undefined) return format.safeParse(given).data ?? "text";
  return configFile === undefined ? "text" : formatInFile(configFile, readFile);
}

/** Only a file that names the setting is parsed twice. */
function formatInFile(path: string, readFile: ReadFile): LogFormat {
  try {
    const text = readText(path, readFile);
    return (text.includes(key) ? inFile.safeParse(fromYaml(text)).data?.[key] : undefined) ?? "text";
  } catch {
    return "text";
  }
}

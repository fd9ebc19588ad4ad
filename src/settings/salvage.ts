import type { ReadFile } from "../system/surroundings.ts";
import { type Invocation, mergeSettings } from "./parse-settings.ts";
import { type Settings, settingsSchema } from "./schema.ts";
import { readConfigFile, readFlyteConfigFile } from "./settings-files.ts";
import { isMapping, type RawSettings, valueAt } from "./sources.ts";

/**
 * What settings still say although `parseSettings` refuses them: a file that cannot be read is left out, and so is each
 * setting that is wrong. By this a run reports the refusal, and `policy.failure` holds for it too.
 */
export function salvageSettings(invocation: Invocation, readFile: ReadFile): Settings {
  const { raw } = mergeSettings(readable(invocation, readFile), readFile);
  for (;;) {
    const parsed = settingsSchema.safeParse(raw);
    if (parsed.success) return parsed.data;
    // One at a time: in a list, what follows moves up.
    const [issue] = parsed.error.issues;
    const path = issue?.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : (issue?.path ?? []);
    if (!remove(raw, path)) return settingsSchema.parse({});
  }
}

/** The same run without the files that cannot be read. */
function readable(invocation: Invocation, readFile: ReadFile): Invocation {
  const { configFile, flyteConfigFile, environment } = invocation;
  return {
    ...invocation,
    configFile: ifReadable(configFile, (path) => readConfigFile(path, readFile)),
    flyteConfigFile: ifReadable(flyteConfigFile, (path) => readFlyteConfigFile(path, environment, readFile)),
  };
}

/** The path, if it can be read. The error itself is what the run reports. */
function ifReadable(path: string | undefined, read: (path: string) => unknown): string | undefined {
  try {
    if (path !== undefined) read(path);
    return path;
  } catch {
    return undefined;
  }
}

/**
 * Removes what is at a path. If nothing is there, its container is wrong without it, and is removed.
 * @returns whether there was something to remove
 */
function remove(raw: RawSettings, path: readonly PropertyKey[]): boolean {
  const key = path.at(-1);
  if (key === undefined) return false;
  const parent = path.slice(0, -1);
  const container = valueAt(raw, parent);
  if (isMapping(container) && Object.hasOwn(container, key)) return delete container[String(key)];
  if (!Array.isArray(container)) return remove(raw, parent);
  container.splice(Number(key), 1);
  return true;
}

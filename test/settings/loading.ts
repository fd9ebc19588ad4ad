import { expect } from "vitest";
import { RegistrarError } from "../../src/findings/registrar-error.ts";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { type LoadedSettings, loadSettings } from "../../src/settings/load.ts";
import { flagOf } from "../../src/settings/names.ts";
import { type Invocation, parseSettings } from "../../src/settings/parse-settings.ts";
import type { ReadFile } from "../../src/system/surroundings.ts";
import { described } from "../../testing/findings/described.ts";

/** What a run is given: its settings file and a flyte configuration, variables, flags by name, and every other file by path. */
export interface Given {
  file?: string | Uint8Array;
  /** Another path of it, where there is none. */
  configFile?: string;
  flyteFile?: string | Uint8Array;
  environment?: Readonly<Record<string, string>>;
  flags?: Readonly<Record<string, string>>;
  files?: Readonly<Record<string, string | Uint8Array>>;
}

const settingsFile = "registrar.yaml";
const flyteConfigFile = "flyte.yaml";

/** Loads settings as the program does. */
export function load(given: Given): LoadedSettings {
  const readFile = readFileOf(given);
  return loadSettings(parseSettings(invocationOf(given), readFile), given.environment ?? {}, readFile);
}

/** What the program makes of its command line. */
export function invocationOf(given: Given): Invocation {
  const { file, configFile = file === undefined ? undefined : settingsFile, flyteFile } = given;
  const leaves = leavesOfSettings();
  return {
    configFile,
    flyteConfigFile: flyteFile === undefined ? undefined : flyteConfigFile,
    environment: given.environment ?? {},
    flags: Object.entries(given.flags ?? {}).map(([flag, value]) => {
      const leaf = leaves.find((candidate) => flagOf(candidate) === flag);
      if (!leaf) throw new Error(`no setting has the flag ${flag}`);
      return { leaf, value };
    }),
  };
}

/** Reads the files that are given; any other is missing. */
export function readFileOf({ file, flyteFile, files = {} }: Given): ReadFile {
  const contents: Given["files"] = {
    ...files,
    ...(file !== undefined && { [settingsFile]: file }),
    ...(flyteFile !== undefined && { [flyteConfigFile]: flyteFile }),
  };
  return (path) => {
    const content = contents[path];
    if (content === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return Buffer.from(content);
  };
}

/** The error with which loading ends: 2 for wrong settings, 1 for what they name and is not there. */
export function refused(given: Given): RegistrarError {
  try {
    load(given);
  } catch (error) {
    expect(error).toBeInstanceOf(RegistrarError);
    if (error instanceof RegistrarError) {
      expect(error.exit).toBe(/^(file|ca-file|variable|api-key)-/.test(error.code) ? 1 : 2);
      return error;
    }
  }
  throw new Error("these settings were taken");
}

/** The lines of a refusal for wrong settings, one a setting, without the places. */
export function problemsOf(given: Given): string[] {
  return wrongLines(given).map((line) => line.replace(/^(.+?) \([^()]+\): /, "$1: "));
}

/** Where a refusal says that each wrong setting is: the setting, then its place in parentheses if it has one. */
export function placesOf(given: Given): string[] {
  return wrongLines(given).map((line) => line.split(": ")[0] ?? "");
}

function wrongLines(given: Given): string[] {
  const error = refused(given);
  expect(error.code).toBe("settings-wrong");
  const [count, ...lines] = described(error).what.split("\n");
  expect(count).toBe(lines.length === 1 ? "one setting is wrong" : `${lines.length} settings are wrong`);
  return lines.map((line) => line.trim());
}

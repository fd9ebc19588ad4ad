import { expect } from "vitest";
import { RegistrarError } from "../../src/findings/registrar-error.ts";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { type LoadedSettings, loadSettings, parseSettings } from "../../src/settings/load.ts";
import { flagOf } from "../../src/settings/names.ts";
import { described } from "../../testing/findings/described.ts";

/** What a run is given: the texts of its settings file and of a flyte configuration, variables, flags by name, and every other file by path. */
export interface Given {
  file?: string;
  flyteFile?: string;
  environment?: Readonly<Record<string, string>>;
  flags?: Readonly<Record<string, string>>;
  files?: Readonly<Record<string, string>>;
}

const settingsFile = "registrar.yaml";
const flyteConfigFile = "flyte.yaml";

/** Loads settings as the program does. A file that is not given is missing. */
export function load({ file, flyteFile, environment = {}, flags = {}, files = {} }: Given): LoadedSettings {
  const contents: Readonly<Record<string, string>> = {
    ...files,
    ...(file !== undefined && { [settingsFile]: file }),
    ...(flyteFile !== undefined && { [flyteConfigFile]: flyteFile }),
  };
  const leaves = leavesOfSettings();
  const readFile = (path: string) => {
    const content = contents[path];
    if (content === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return content;
  };
  const invocation = {
    configFile: file === undefined ? undefined : settingsFile,
    flyteConfigFile: flyteFile === undefined ? undefined : flyteConfigFile,
    environment,
    flags: Object.entries(flags).map(([flag, value]) => {
      const leaf = leaves.find((candidate) => flagOf(candidate) === flag);
      if (!leaf) throw new Error(`no setting has the flag ${flag}`);
      return { leaf, value };
    }),
  };
  return loadSettings(parseSettings(invocation, readFile), environment, readFile);
}

/** The error with which loading ends: 2 for wrong settings, 1 for what they name and is not there. */
export function refused(given: Given): RegistrarError {
  try {
    load(given);
  } catch (error) {
    expect(error).toBeInstanceOf(RegistrarError);
    if (error instanceof RegistrarError) {
      expect(error.exit).toBe(/^(file|variable|api-key)-/.test(error.code) ? 1 : 2);
      return error;
    }
  }
  throw new Error("these settings were taken");
}

/** The lines of a refusal for wrong settings, one a setting. */
export function problemsOf(given: Given): string[] {
  const error = refused(given);
  expect(error.code).toBe("settings-wrong");
  const [count, ...lines] = described(error).what.split("\n");
  expect(count).toBe(lines.length === 1 ? "one setting is wrong" : `${lines.length} settings are wrong`);
  return lines.map((line) => line.trim());
}

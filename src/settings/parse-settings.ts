import type { IgnoredVariable } from "../findings/catalog/settings-codes.ts";
import { problem } from "../findings/registrar-error.ts";
import type { Environment, ReadFile } from "../system/surroundings.ts";
import { fromCommonVariables } from "./common-variables.ts";
import { type Leaf, leavesOfSettings } from "./leaves.ts";
import { describeProblems, type PlaceOf } from "./problems.ts";
import { type Settings, settingsSchema } from "./schema.ts";
import { readConfigFile, readFlyteConfigFile } from "./settings-files.ts";
import { fromApiKey, fromEnvironment, fromFlags, overlay, type RawSettings, type Source, valueAt } from "./sources.ts";

/** What a run was started with. */
export interface Invocation {
  configFile: string | undefined;
  /** Configuration of the flyte SDK and its CLI, as a person has it on a workstation. */
  flyteConfigFile: string | undefined;
  flags: readonly { leaf: Leaf; value: string }[];
  environment: Environment;
}

/** Settings that have been parsed and validated. */
export interface GivenSettings {
  settings: Settings;
  /** The `--config` file as it was read. */
  file: { path: string; text: string } | undefined;
  /** Why the flyte configuration has no usable login. */
  whyNoLogIn?: string | undefined;
  /** Common variables that could not be used. */
  ignored: readonly IgnoredVariable[];
  placeOf: PlaceOf;
}

/** The settings of all sources, before the schema has seen them. */
export interface MergedSettings extends Omit<GivenSettings, "settings"> {
  raw: RawSettings;
}

/**
 * Settings from flags > `REGISTRAR_…` > file > flyte configuration > common variables > defaults.
 * @throws {RegistrarError} settings-wrong, settings-file-unreadable
 */
export function parseSettings(invocation: Invocation, readFile: ReadFile): GivenSettings {
  const { raw, ...merged } = mergeSettings(invocation, readFile);
  const parsed = settingsSchema.safeParse(raw);
  if (parsed.success) return { settings: parsed.data, ...merged };
  throw problem("settings-wrong", {
    problems: describeProblems(parsed.error, raw, leavesOfSettings(), merged.placeOf),
  });
}

/**
 * Reads every source and lays them over one another.
 * @throws {RegistrarError} settings-file-unreadable
 */
export function mergeSettings(invocation: Invocation, readFile: ReadFile): MergedSettings {
  const leaves = leavesOfSettings();
  const { environment, configFile, flyteConfigFile } = invocation;
  const file = configFile === undefined ? undefined : readConfigFile(configFile, readFile);
  // The file outranks an API key for the flyte CLI: it says how this program is to log in.
  const own = [
    fromApiKey(environment),
    ...(file ? [file] : []),
    fromEnvironment(environment, leaves),
    fromFlags(invocation.flags),
  ];
  const isKeyUsed = valueAt(merge(own), ["controlPlane", "auth", "type"]) === "apiKey";
  const flyte =
    flyteConfigFile === undefined
      ? undefined
      : readFlyteConfigFile(flyteConfigFile, isKeyUsed ? environment : withoutApiKey(environment), readFile);
  const sources = flyte ? [flyte, ...own] : own;
  const above = merge(sources);
  const common = fromCommonVariables(environment, above, leaves);
  return {
    raw: overlay(common.settings, above),
    file: file && { path: file.path, text: file.text },
    whyNoLogIn: flyte?.whyNoLogIn,
    ignored: common.ignored,
    placeOf: (path) =>
      [common, ...sources].findLast(({ settings }) => valueAt(settings, path) !== undefined)?.placeOf(path),
  };
}

/** @param sources lowest first */
function merge(sources: readonly Source[]): RawSettings {
  return sources.reduce<RawSettings>((lower, { settings }) => overlay(lower, settings), {});
}

function withoutApiKey({ FLYTE_API_KEY: _, ...others }: Environment): Environment {
  return others;
}

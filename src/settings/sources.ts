import type { Leaf } from "./leaves.ts";
import { variableOf } from "./names.ts";
import { type Dialect, parseYaml } from "./yaml.ts";

/** Settings as given, before the schema has seen them. */
export type RawSettings = { [key: string]: unknown };

/** Variables of the manual procedure and common ones, in addition to `REGISTRAR_…` of every setting. */
const aliases: readonly { variables: readonly string[]; path: readonly string[] }[] = [
  { variables: ["APP_VERSION"], path: ["appVersion"] },
  { variables: ["CONFIG_MAP_NAME"], path: ["task", "configMapName"] },
  { variables: ["LOG_LEVEL"], path: ["task", "logLevel"] },
  { variables: ["HTTPS_PROXY", "https_proxy"], path: ["controlPlane", "proxy"] },
  { variables: ["NO_PROXY", "no_proxy"], path: ["controlPlane", "noProxy"] },
];

/**
 * The settings in environment variables. An empty variable counts as not set, except for the appVersion: an empty one is a
 * mistake that the manual procedure would register silently.
 */
export function fromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  leaves: readonly Leaf[],
): RawSettings {
  const settings: RawSettings = {};
  if (environment["FLYTE_API_KEY"]) put(settings, ["controlPlane", "auth", "type"], "apiKey");
  const named = leaves.map((leaf) => ({ variables: [variableOf(leaf)], path: leaf.path }));
  for (const { variables, path } of [...aliases, ...named]) {
    const mayBeEmpty = path[0] === "appVersion";
    const value = variables.map((name) => environment[name]).find((given) => given || (given === "" && mayBeEmpty));
    if (value === undefined) continue;
    const leaf = leaves.find((candidate) => candidate.path.join() === path.join());
    put(settings, path, leaf ? fromText(leaf, value) : value);
  }
  return settings;
}

/** The settings in flags, given as pairs of a leaf and its text. */
export function fromFlags(given: readonly { leaf: Leaf; value: string }[]): RawSettings {
  const settings: RawSettings = {};
  for (const { leaf, value } of given) put(settings, leaf.path, fromText(leaf, value));
  return settings;
}

/**
 * The settings of a YAML file.
 * @throws {Error} if the text is not YAML or not a mapping
 */
export function fromYaml(text: string, dialect: Dialect = "own"): RawSettings {
  const value = parseYaml(text, dialect) ?? {};
  if (!isMapping(value)) throw new Error("the file is not a mapping of settings");
  return value;
}

/** Merges `upper` over `lower`; a key `__proto__` stays an ordinary, unknown key. */
export function overlay(lower: RawSettings, upper: RawSettings): RawSettings {
  const merged = new Map(Object.entries(lower));
  for (const [key, value] of Object.entries(upper)) {
    const below = merged.get(key);
    if (!isMapping(below) || !isMapping(value)) merged.set(key, value);
    else merged.set(key, overlay(key === "auth" ? credentialsBelow(below, value) : below, value));
  }
  return Object.fromEntries(merged);
}

/** Types of login that request scopes. They belong to the control plane's identity provider rather than to the credentials. */
const scopedTypes: ReadonlySet<unknown> = new Set(["clientSecret", "apiKey"]);

/**
 * What is kept of the lower credentials: only the scopes if the upper ones have another type, and no place of a client secret if
 * the upper ones set one. So credentials of two sources never mix.
 */
function credentialsBelow(lower: RawSettings, upper: RawSettings): RawSettings {
  if ("type" in upper && upper["type"] !== lower["type"]) {
    return "scopes" in lower && scopedTypes.has(upper["type"]) ? { scopes: lower["scopes"] } : {};
  }
  const places = ["clientSecretFile", "clientSecretVariable"];
  if (!places.some((place) => place in upper)) return lower;
  return Object.fromEntries(Object.entries(lower).filter(([key]) => !places.includes(key)));
}

/** Flags and variables are text; values of other kinds are written as YAML (`true`, `5`, `{team: a}`, `[a, b]`). */
function fromText(leaf: Leaf, value: string): unknown {
  if (!["boolean", "number", "object", "list"].includes(leaf.kind)) return value;
  try {
    return parseYaml(value);
  } catch {
    return value;
  }
}

/** Sets a value in a tree of settings. */
export function put(settings: RawSettings, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    settings[key] = value;
    return;
  }
  const inner = settings[key];
  const below: RawSettings = isMapping(inner) ? inner : {};
  settings[key] = below;
  put(below, rest, value);
}

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is RawSettings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

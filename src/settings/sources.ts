import type { Environment } from "../system/surroundings.ts";
import { type Leaf, leafAt } from "./leaves.ts";
import { dotted, flagOf, variableOf } from "./names.ts";
import { type Dialect, parseYaml, readYaml, type YamlText } from "./yaml.ts";

/** Settings as given, before the schema has seen them. */
export type RawSettings = { [key: string]: unknown };

/** The settings of one source. */
export interface Source {
  settings: RawSettings;
  /** Where the source has the setting at this path, for a message: `--app-version`, `registrar.yaml:4`. */
  placeOf(path: readonly PropertyKey[]): string;
}

/**
 * The settings in variables `REGISTRAR_…`. An empty variable counts as not set, except for the appVersion: an empty one is a
 * mistake that the manual procedure would register silently.
 */
export function fromEnvironment(environment: Environment, leaves: readonly Leaf[]): Source {
  const settings: RawSettings = {};
  for (const leaf of leaves) {
    const value = environment[variableOf(leaf)];
    const mayBeEmpty = dotted(leaf.path) === "appVersion";
    if (value || (value === "" && mayBeEmpty)) put(settings, leaf.path, fromText(leaf, value));
  }
  return { settings, placeOf: (path) => variableOf({ path: leafAt(path, leaves)?.path ?? path.map(String) }) };
}

/** The login of an API key in the environment, as the flyte CLI uses one. */
export function fromApiKey(environment: Environment): Source {
  const settings: RawSettings = {};
  if (environment["FLYTE_API_KEY"]) put(settings, ["controlPlane", "auth", "type"], "apiKey");
  return { settings, placeOf: () => "FLYTE_API_KEY" };
}

/** The settings in flags, given as pairs of a leaf and its text. */
export function fromFlags(given: readonly { leaf: Leaf; value: string }[]): Source {
  const settings: RawSettings = {};
  for (const { leaf, value } of given) put(settings, leaf.path, fromText(leaf, value));
  const leaves = given.map(({ leaf }) => leaf);
  return { settings, placeOf: (path) => flagOf({ path: leafAt(path, leaves)?.path ?? path.map(String) }) };
}

/**
 * The settings of a YAML file; a key whose value is null counts as absent.
 * @throws {Error} if the text is not YAML or not a mapping
 */
export function fromYaml(text: string, dialect: Dialect = "own"): RawSettings {
  return fromYamlText(text, dialect).settings;
}

/** The same, with the line of each setting. */
export function fromYamlText(
  text: string,
  dialect: Dialect = "own",
): { settings: RawSettings; lineOf: YamlText["lineOf"] } {
  const { value, lineOf } = readYaml(text, dialect);
  const settings = withoutNulls(value ?? {});
  if (!isMapping(settings)) throw new Error("the file is not a mapping of settings");
  return { settings, lineOf };
}

/**
 * A value without the keys whose value is null, at any depth: templates write those for what is not set, and Kubernetes
 * ignores them. Null in a list stays, because to leave it out would move what follows.
 */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMapping(value)) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(given.map(([key, inner]) => [key, withoutNulls(inner)]));
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
export function fromText(leaf: Leaf, value: string): unknown {
  if (!["boolean", "number", "object", "list"].includes(leaf.kind)) return value;
  try {
    return withoutNulls(parseYaml(value)) ?? value;
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

/** The value at a path in a tree of settings. */
export function valueAt(settings: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    settings,
  );
}

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is RawSettings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

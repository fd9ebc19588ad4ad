import { parseJson } from "../system/parse-json.ts";
import type { Environment } from "../system/surroundings.ts";
import { dotted } from "./names.ts";
import { shellWords } from "./shell-words.ts";
import { fromYamlText, isMapping, put, type RawSettings } from "./sources.ts";
import type { YamlText } from "./yaml.ts";

/** Keys that are copied to a setting. Source of all keys: flyte/config/_internal.py of 2.12.1. */
export const copiedKeys = {
  "admin.endpoint": "controlPlane.endpoint",
  "admin.insecure": "controlPlane.insecure",
  "admin.insecureSkipVerify": "controlPlane.insecureSkipVerify",
  "admin.caCertFilePath": "controlPlane.caFile",
  "admin.httpProxyURL": "controlPlane.proxy",
  "task.org": "controlPlane.org",
} as const;

/** Keys that a login is made from, by its settings. */
const loginKeys: Readonly<Record<string, string>> = {
  "controlPlane.auth.type": "admin.authType",
  "controlPlane.auth.clientId": "admin.clientId",
  "controlPlane.auth.clientSecretFile": "admin.clientSecretLocation",
  "controlPlane.auth.clientSecretVariable": "admin.clientSecretEnvVar",
  "controlPlane.auth.command": "admin.command",
  "controlPlane.auth.scopes": "admin.scopes",
};

/** A flyte configuration, as settings of this program. */
export interface FlyteConfig {
  settings: RawSettings;
  /** The line that a setting is from. */
  lineOf: YamlText["lineOf"];
  /** Why it has no usable login, for the finding of a control plane that requires one; absent if it has one. */
  whyNoLogIn?: string;
}

/**
 * The settings in a configuration of the flyte SDK and CLI, read as the SDK reads it: an empty value counts as not set,
 * unknown keys are ignored, and relative paths start at the working directory. Project and domain are left out: they are for
 * the user's own tasks.
 * @throws {Error} if the text is not YAML or has another shape; the message does not repeat it
 */
export function fromFlyteConfig(text: string, environment: Environment): FlyteConfig {
  const { settings: config, lineOf } = fromYamlText(text, "python");
  const admin = sectionOf(config, "admin");
  const settings: RawSettings = {};
  for (const [key, setting] of Object.entries(copiedKeys)) {
    const [section = "", name = ""] = key.split(".");
    const value = sectionOf(config, section)[name];
    // With a CA file the SDK trusts only that, even if it is to skip verification.
    const isOverruled = name === "insecureSkipVerify" && isGiven(admin["caCertFilePath"]);
    // An API key contains both, and its secret must not be sent to the endpoint of an old file.
    const isOfKey = isGiven(environment["FLYTE_API_KEY"]) && (name === "endpoint" || name === "org");
    if (isGiven(value) && !isOverruled && !isOfKey) put(settings, setting.split("."), value);
  }
  const auth = authOf(admin, environment);
  const read = { settings, lineOf: (path: readonly PropertyKey[]) => lineOf(keyOf(path)) };
  if (auth) {
    put(settings, ["controlPlane", "auth"], auth);
    return read;
  }
  const scopes = scopesOf(admin["scopes"]);
  // With an API key, which then logs in, the SDK requests these scopes too.
  if (isGiven(environment["FLYTE_API_KEY"]) && isGiven(scopes)) {
    put(settings, ["controlPlane", "auth"], { type: "apiKey", scopes });
  }
  return { ...read, whyNoLogIn: whyNoLogIn(admin["authType"]) };
}

/** The key that a setting is made from. */
function keyOf(path: readonly PropertyKey[]): string[] {
  const setting = dotted(path.slice(0, path[1] === "auth" ? 3 : 2));
  const copied = Object.entries(copiedKeys).find(([, target]) => target === setting);
  return (copied?.[0] ?? loginKeys[setting] ?? "admin").split(".");
}

/**
 * The login of the configuration, if it works without a person. A client secret takes precedence over `authType`, and a
 * variable with one over a file; an empty variable is used if the only alternative is a browser.
 */
function authOf(admin: RawSettings, environment: Environment): RawSettings | undefined {
  const { clientId, clientSecretLocation: file, clientSecretEnvVar: variable, authType, command } = admin;
  const isSet = typeof variable === "string" && Object.hasOwn(environment, variable) && !!environment[variable];
  if (authType === "ExternalCommand" && !isGiven(file) && !isSet)
    return withoutEmpty({ type: "externalCommand", command: wordsOf(command) });
  if (!isGiven(file) && !isGiven(variable) && authType !== "ClientSecret") return undefined;
  const secret = isSet || !isGiven(file) ? { clientSecretVariable: variable } : { clientSecretFile: file };
  return withoutEmpty({ type: "clientSecret", clientId, ...secret, scopes: scopesOf(admin["scopes"]) });
}

/** An unknown authType is not repeated: it might be a secret in the wrong place. */
function whyNoLogIn(authType: unknown): string {
  if (!isGiven(authType)) return interactive("no authType means Pkce");
  if (authType === "Pkce" || authType === "DeviceFlow") return interactive(`authType ${authType}`);
  return "the authType of the flyte configuration is neither ClientSecret nor ExternalCommand, the only ones that work here";
}

function interactive(reason: string): string {
  return `the flyte configuration uses an interactive (browser) login (${reason}), which is not possible here`;
}

/** A command in the forms that the SDK accepts: a list, a JSON array, a shell command line; else unchanged, to be rejected. */
function wordsOf(command: unknown): unknown {
  if (typeof command !== "string") return command;
  const words = command.trim().startsWith("[") ? parseJson(command) : shellWords(command);
  return words ?? command;
}

/** Scopes in the forms that the SDK accepts: a list, a JSON array, words with commas or spaces between them. */
function scopesOf(scopes: unknown): unknown {
  if (typeof scopes !== "string") return scopes;
  const list = scopes.trim().startsWith("[") ? parseJson(scopes) : undefined;
  return list ?? scopes.split(/[,\s]+/).filter((word) => word !== "");
}

function sectionOf(config: RawSettings, name: string): RawSettings {
  const section = config[name] ?? {};
  if (!isMapping(section)) throw new Error(`${name} is not a mapping`);
  return section;
}

function withoutEmpty(settings: RawSettings): RawSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => isGiven(value)));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}

import type { Environment } from "../system/surroundings.ts";
import { shellWords } from "./shell-words.ts";
import { fromYaml, isMapping, put, type RawSettings } from "./sources.ts";

/** Keys that become a setting as they are. Source of all keys: flyte/config/_internal.py of 2.12.1. */
export const copiedKeys = {
  "admin.endpoint": "controlPlane.endpoint",
  "admin.insecure": "controlPlane.insecure",
  "admin.insecureSkipVerify": "controlPlane.insecureSkipVerify",
  "admin.caCertFilePath": "controlPlane.caFile",
  "admin.httpProxyURL": "controlPlane.proxy",
  "task.org": "controlPlane.org",
} as const;

/** What a flyte configuration says, in our own settings. */
export interface FlyteConfig {
  settings: RawSettings;
  /** Why it gives no log-in, for the finding of a control plane that wants one; absent where it gives one. */
  whyNoLogIn?: string;
}

/**
 * The settings that a configuration of the flyte SDK and its CLI gives, read as the SDK reads it: an empty value is none,
 * an unknown key is nobody's mistake, and a relative path is one from the working directory. Project and domain stay out:
 * they are where its owner's own tasks go.
 * @throws {Error} where the text is not YAML or has another shape; the text itself is not repeated
 */
export function fromFlyteConfig(text: string, environment: Environment): FlyteConfig {
  const config = fromYaml(text, "python");
  const admin = sectionOf(config, "admin");
  const settings: RawSettings = {};
  for (const [key, setting] of Object.entries(copiedKeys)) {
    const [section = "", name = ""] = key.split(".");
    const value = sectionOf(config, section)[name];
    // The SDK trusts the authorities of a file and nothing else, whatever it is to skip.
    const isOverruled = name === "insecureSkipVerify" && isGiven(admin["caCertFilePath"]);
    // An API key names both, and its secret must not go to where an old file points.
    const isOfKey = isGiven(environment["FLYTE_API_KEY"]) && (name === "endpoint" || name === "org");
    if (isGiven(value) && !isOverruled && !isOfKey) put(settings, setting.split("."), value);
  }
  const auth = authOf(admin, environment);
  if (!auth) return { settings, whyNoLogIn: whyNoLogIn(admin["authType"]) };
  put(settings, ["controlPlane", "auth"], auth);
  return { settings };
}

/**
 * How the configuration logs in, if without a person: a client secret wins whatever `authType` says, and a variable that
 * holds one wins over a file. One that holds none is taken all the same where nothing else is left but a browser.
 */
function authOf(admin: RawSettings, environment: Environment): RawSettings | undefined {
  const { clientId, clientSecretLocation: file, clientSecretEnvVar: variable, authType, command } = admin;
  const isSet = typeof variable === "string" && Object.hasOwn(environment, variable) && !!environment[variable];
  if (authType === "ExternalCommand" && !isGiven(file) && !isSet)
    return withoutEmpty({ type: "externalCommand", command: wordsOf(command) });
  if (!isGiven(file) && !isGiven(variable) && authType !== "ClientSecret") return undefined;
  const secret = isSet || !isGiven(file) ? { clientSecretVariable: variable } : { clientSecretFile: file };
  return withoutEmpty({ type: "clientSecret", clientId, ...secret });
}

/** An authType that is none of the SDK's words is not repeated: it might be anything. */
function whyNoLogIn(authType: unknown): string {
  if (!isGiven(authType)) return interactive("no authType means Pkce");
  if (authType === "Pkce" || authType === "DeviceFlow") return interactive(`authType ${authType}`);
  return "the authType of the flyte configuration is neither ClientSecret nor ExternalCommand, the only ones that work here";
}

function interactive(reason: string): string {
  return `the flyte configuration uses an interactive (browser) login (${reason}), which is not possible here`;
}

/** A command in the forms that the SDK takes: a list, a JSON array, a line for a shell; else as it is, to be refused. */
function wordsOf(command: unknown): unknown {
  if (typeof command !== "string") return command;
  if (!command.trim().startsWith("[")) return shellWords(command) ?? command;
  try {
    return JSON.parse(command);
  } catch {
    return command;
  }
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

import { type Finding, finding } from "../findings/finding.ts";
import { problem } from "../findings/registrar-error.ts";
import { basicCredentials, quotePlus } from "../network/basic-credentials.ts";
import { type Endpoint, parseEndpoint } from "../network/endpoint.ts";
import { parseProxy, type Route } from "../network/route.ts";
import type { Environment, ReadFile } from "../system/surroundings.ts";
import type { ApiKey } from "./api-key.ts";
import { type Credentials, readCredentials, readSetting } from "./credentials.ts";
import { type Leaf, leavesOfSettings } from "./leaves.ts";
import { describeProblems } from "./problems.ts";
import { type Settings, settingsSchema } from "./schema.ts";
import { secretValues } from "./secret-values.ts";
import { readConfigFile, readFlyteConfigFile } from "./settings-files.ts";
import { fromEnvironment, fromFlags, overlay } from "./sources.ts";

/** What a run was started with. */
export interface Invocation {
  configFile: string | undefined;
  /** Configuration of the flyte SDK and its CLI, as a person has it on a workstation. */
  flyteConfigFile: string | undefined;
  flags: readonly { leaf: Leaf; value: string }[];
  environment: Environment;
}

/** How to connect and log in to the control plane. */
export interface ControlPlaneTarget extends Route {
  endpoint: Endpoint;
  /** Empty if the control plane has no organisations. */
  org: string;
  credentials: Credentials;
}

/** Settings that have been parsed and validated. */
export interface GivenSettings {
  settings: Settings;
  /** The `--config` file as it was read. */
  file: { path: string; text: string } | undefined;
  /** Why the flyte configuration has no usable login. */
  whyNoLogIn?: string | undefined;
}

/** Settings, with the contents of every file that they name. */
export interface LoadedSettings extends GivenSettings {
  /** Absent if the settings have no endpoint, which only `render` accepts. */
  target: ControlPlaneTarget | undefined;
  warnings: readonly Finding[];
  /** Texts that no output may contain. */
  secrets: readonly string[];
}

/**
 * Settings from flags > environment > file > flyte configuration > defaults.
 * @throws {RegistrarError} settings-wrong, settings-file-unreadable
 */
export function parseSettings(invocation: Invocation, readFile: ReadFile): GivenSettings {
  const leaves = leavesOfSettings();
  const { environment, configFile, flyteConfigFile } = invocation;
  const file = configFile === undefined ? undefined : readConfigFile(configFile, readFile);
  const flyte =
    flyteConfigFile === undefined ? { settings: {} } : readFlyteConfigFile(flyteConfigFile, environment, readFile);
  const above = [file?.content ?? {}, fromEnvironment(environment, leaves), fromFlags(invocation.flags)];
  const raw = above.reduce(overlay, flyte.settings);

  const parsed = settingsSchema.safeParse(raw);
  if (!parsed.success) throw problem("settings-wrong", { problems: describeProblems(parsed.error, raw, leaves) });
  const { whyNoLogIn } = flyte;
  return { settings: parsed.data, file: file && { path: file.path, text: file.text }, whyNoLogIn };
}

/**
 * Reads the files that the settings name: credentials and CAs.
 * @throws {RegistrarError} settings-wrong, file-unreadable, variable-missing, api-key-missing, api-key-malformed
 */
export function loadSettings(given: GivenSettings, environment: Environment, readFile: ReadFile): LoadedSettings {
  const { settings } = given;
  const { credentials: read, apiKey } = readCredentials(settings.controlPlane.auth, environment, readFile);
  const credentials = read.type === "none" ? { ...read, why: given.whyNoLogIn } : read;
  const { target, warnings } = targetOf(settings, credentials, apiKey, readFile);
  const secrets = secretsOf(credentials, [environment["FLYTE_API_KEY"], apiKey?.text], target?.proxy?.url);
  // A pod template is not secret, but its environment may contain secrets that do not belong in a log.
  return { ...given, target, warnings, secrets: [...secrets, ...secretValues(settings.task.podTemplate)] };
}

/**
 * The control plane, for commands that contact one.
 * @throws {RegistrarError} settings-wrong
 */
export function requireTarget({ target }: LoadedSettings): ControlPlaneTarget {
  if (target) return target;
  const missing = { setting: "controlPlane.endpoint", problem: "not set; for example dns:///union.example.com" };
  throw problem("settings-wrong", { problems: [missing] });
}

function targetOf(
  settings: Settings,
  credentials: Credentials,
  apiKey: ApiKey | undefined,
  readFile: ReadFile,
): { target: ControlPlaneTarget | undefined; warnings: Finding[] } {
  const given = settings.controlPlane;
  const written = given.endpoint ?? apiKey?.host;
  if (written === undefined) return { target: undefined, warnings: [] };
  const endpoint = parseEndpoint(written, given.insecure);
  if (typeof endpoint === "string") {
    throw problem("settings-wrong", {
      problems: [
        { setting: "controlPlane.endpoint", problem: `the text ${endpoint}; for example dns:///union.example.com` },
      ],
    });
  }
  const unsent = endpoint.insecure && credentials.type !== "none";
  const target: ControlPlaneTarget = {
    endpoint,
    org: given.org ?? apiKey?.org ?? "",
    skipVerify: given.insecureSkipVerify,
    certificateAuthorities: given.caFile && readSetting(given.caFile, "controlPlane.caFile", readFile),
    proxy: given.proxy === undefined ? undefined : parseProxy(given.proxy),
    noProxy: given.noProxy ?? "",
    credentials: unsent ? { type: "none" } : credentials,
  };
  return { target, warnings: unsent ? [finding("warning", "insecure-without-token", {})] : [] };
}

/** Each secret in the forms in which it is given and sent: plain, quoted, and as HTTP Basic credentials. */
function secretsOf(
  credentials: Credentials,
  apiKeys: readonly (string | undefined)[],
  proxy: URL | undefined,
): string[] {
  // An error may show a key of several lines in one.
  const secrets = apiKeys.flatMap((key = "") => [key.trim(), ...key.split(/[\s"']+/)].filter((part) => part !== ""));
  if (credentials.type === "clientSecret") {
    const { clientId, clientSecret } = credentials;
    const sent = basicCredentials(clientId, clientSecret);
    secrets.push(clientSecret, quotePlus(clientSecret), base64(`${clientId}:${clientSecret}`), sent);
  }
  if (proxy?.password) {
    const [name, password] = [decodeURIComponent(proxy.username), decodeURIComponent(proxy.password)];
    secrets.push(
      proxy.password,
      password,
      base64(`${proxy.username}:${proxy.password}`),
      base64(`${name}:${password}`),
    );
  }
  return [...new Set(secrets)];
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

import type { IgnoredVariable } from "../findings/catalog/settings-codes.ts";
import { type Finding, finding } from "../findings/finding.ts";
import { problem } from "../findings/registrar-error.ts";
import { basicCredentials, quotePlus } from "../network/basic-credentials.ts";
import { type Endpoint, parseEndpoint } from "../network/endpoint.ts";
import { bypassesProxy } from "../network/no-proxy.ts";
import { parseProxy, proxyCredentials, type Route } from "../network/route.ts";
import type { Environment, ReadFile } from "../system/surroundings.ts";
import type { ApiKey } from "./api-key.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { readCaFile } from "./named-files.ts";
import type { GivenSettings } from "./parse-settings.ts";
import type { Settings } from "./schema.ts";
import { secretValues } from "./secret-values.ts";

/** How to connect and log in to the control plane. */
export interface ControlPlaneTarget extends Route {
  endpoint: Endpoint;
  /** Empty if the control plane has no organisations. */
  org: string;
  credentials: Credentials;
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
 * Reads the files that the settings name: credentials and CAs.
 * @throws {RegistrarError} settings-wrong, file-unreadable, file-malformed, ca-file-malformed, variable-missing,
 * api-key-missing, api-key-malformed
 */
export function loadSettings(given: GivenSettings, environment: Environment, readFile: ReadFile): LoadedSettings {
  const { settings } = given;
  const { credentials: read, apiKey } = readCredentials(settings.controlPlane.auth, environment, readFile);
  const credentials = read.type === "none" ? { ...read, why: given.whyNoLogIn } : read;
  const { target, warnings } = targetOf(given, credentials, apiKey, readFile);
  const secrets = secretsOf(credentials, [environment["FLYTE_API_KEY"], apiKey?.text], target?.proxy?.url);
  // A pod template is not secret, but its environment may contain secrets that do not belong in a log.
  const ignored = given.ignored.filter((variable) => matters(variable, target));
  if (ignored.length > 0) warnings.push(finding("warning", "variable-ignored", { ignored }));
  return { ...given, target, warnings, secrets: [...secrets, ...secretValues(settings.task.podTemplate)] };
}

/**
 * The way to any server: the CAs and the proxy of the settings. `controlPlane.insecureSkipVerify` is for the control plane alone.
 * @throws {RegistrarError} file-unreadable, ca-file-malformed
 */
export function routeOf({ caFile, proxy, noProxy }: Settings["controlPlane"], readFile: ReadFile): Route {
  return {
    skipVerify: false,
    certificateAuthorities: caFile && readCaFile(caFile, readFile),
    proxy: proxy ? parseProxy(proxy) : undefined,
    noProxy: noProxy ?? "",
  };
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
  { settings: { controlPlane: given }, placeOf }: GivenSettings,
  credentials: Credentials,
  apiKey: ApiKey | undefined,
  readFile: ReadFile,
): { target: ControlPlaneTarget | undefined; warnings: Finding[] } {
  const written = given.endpoint ?? apiKey?.host;
  if (written === undefined) return { target: undefined, warnings: [] };
  const endpoint = parseEndpoint(written, given.insecure);
  if (typeof endpoint === "string") {
    const setting = "controlPlane.endpoint";
    const place = given.endpoint === undefined ? "the API key" : placeOf(setting.split("."));
    const wrong = { setting, place, problem: `the text ${endpoint}; for example dns:///union.example.com` };
    throw problem("settings-wrong", { problems: [wrong] });
  }
  const unsent = endpoint.insecure && credentials.type !== "none";
  const target: ControlPlaneTarget = {
    ...routeOf(given, readFile),
    endpoint,
    org: given.org ?? apiKey?.org ?? "",
    skipVerify: given.insecureSkipVerify,
    credentials: unsent ? { type: "none" } : credentials,
  };
  return { target, warnings: unsent ? [finding("warning", "insecure-without-token", {})] : [] };
}

/** A proxy is not used for every host: there it does not matter that its variable is wrong. */
function matters({ setting }: IgnoredVariable, target: ControlPlaneTarget | undefined): boolean {
  if (setting !== "controlPlane.proxy") return true;
  return target !== undefined && !bypassesProxy(target.endpoint, target.noProxy);
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
  const sent = proxy && proxyCredentials(proxy);
  if (proxy && sent?.password) {
    const { username, password } = proxy;
    secrets.push(password, sent.password, base64(`${username}:${password}`), sent.authorization.replace("Basic ", ""));
  }
  return [...new Set(secrets)];
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

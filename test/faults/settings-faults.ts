import { rm } from "node:fs/promises";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import type { Fault } from "./fault.ts";

const set = (settings: object) => (world: HealthyWorld) => Object.assign(world.settings, settings);
const setControlPlane = (settings: object) => (world: HealthyWorld) =>
  Object.assign(world.settings.controlPlane, settings);

/** The client secret is to come from a variable, which is not set yet. */
const secretInVariable = setControlPlane({
  auth: { type: "clientSecret", clientId: "registrar", clientSecretVariable: "HUSH" },
});

/** The flyte CLI is to write it, and is this program. */
const withFlyte = (flyteCommand: string) => (world: HealthyWorld) => {
  world.settings.task["deployWith"] = "flyte";
  world.settings["flyteCommand"] = flyteCommand;
};

/** The CLI of a world, replaced by a script. */
const flyteSays = (script: string) => async (world: HealthyWorld) =>
  withFlyte(await world.write("flyte", `#!/bin/sh\n${script}\n`, 0o755))(world);

/** The appVersion comes from the Deployment of the operator. */
const fromOperator = (world: HealthyWorld) => {
  delete world.settings["appVersion"];
  world.settings["appVersionFrom"] = "deployment/union-operator";
};

const customTemplate = (text: string) => async (world: HealthyWorld) => {
  world.settings.task["templateFile"] = await world.write("own.hbs", text);
};

/** Settings, the files that they name, and the flyte CLI. */
export const settingsFaults: readonly Fault[] = [
  {
    fault: "the settings file is not YAML",
    code: "settings-file-unreadable",
    inject: (world) => {
      world.settingsText = "appVersion: [";
    },
  },
  { fault: "the settings have an unknown key", code: "settings-wrong", inject: set({ appVersoin: "2026.3.4" }) },
  { fault: "appVersion is not a version", code: "settings-wrong", inject: set({ appVersion: "latest" }) },
  {
    fault: "no appVersion is set",
    code: "settings-wrong",
    inject: (world) => {
      delete world.settings["appVersion"];
    },
  },
  {
    fault: "an environment variable is not a duration",
    code: "settings-wrong",
    inject: (world) => {
      world.environment["REGISTRAR_TIMEOUTS_TOTAL"] = "soon";
    },
  },
  ...["LOG_LEVEL", "CONFIG_MAP_NAME"].map(
    (variable): Fault => ({
      fault: `${variable} has a value for another program, and nothing else sets its setting`,
      code: "variable-ignored",
      severity: "warning",
      inject: (world) => {
        world.environment[variable] = "INFO (verbose)";
      },
    }),
  ),
  {
    fault: "the proxy of the environment is no address",
    code: "variable-ignored",
    severity: "warning",
    inject: (world) => {
      world.environment["HTTPS_PROXY"] = "https://[";
    },
  },
  {
    fault: "the endpoint is not an address",
    code: "settings-wrong",
    inject: setControlPlane({ endpoint: "union example com" }),
  },
  {
    fault: "no endpoint is set",
    code: "settings-wrong",
    inject: (world) => {
      delete world.settings.controlPlane["endpoint"];
    },
  },
  {
    fault: "the file of the client secret does not exist",
    code: "file-unreadable",
    inject: (world) => rm(world.path("client_secret")),
  },
  {
    fault: "the file of the client secret is empty",
    code: "file-unreadable",
    inject: (world) => world.write("client_secret", "\n"),
  },
  {
    fault: "the variable of the client secret is not set",
    code: "variable-missing",
    inject: secretInVariable,
  },
  {
    fault: "the variable of the client secret is empty",
    code: "variable-missing",
    inject: (world) => {
      secretInVariable(world);
      world.environment["HUSH"] = "";
    },
  },
  {
    fault: "the client secret is set by a file and by a variable",
    code: "settings-wrong",
    inject: (world) => Object.assign(world.settings.controlPlane["auth"] as object, { clientSecretVariable: "HUSH" }),
  },
  {
    fault: "the CA file does not exist",
    code: "file-unreadable",
    inject: setControlPlane({ caFile: "/nonexistent/ca.crt" }),
  },
  {
    fault: "the CA file holds a page of the wiki",
    code: "ca-file-malformed",
    inject: (world) => world.write("ca.crt", "<!DOCTYPE html><title>Our CAs</title>"),
  },
  {
    fault: "one certificate of the CA file is cut off",
    code: "ca-file-malformed",
    inject: (world) => world.write("ca.crt", `${world.authority.certificatePem}-----BEGIN CERTIFICATE-----\nMIIB`),
  },
  {
    fault: "the CA file holds words, and a registration reads it",
    code: "ca-file-malformed",
    command: ["register"],
    inject: (world) => world.write("ca.crt", "our CA"),
  },
  {
    fault: "the file of the client secret begins with a byte order mark",
    code: "file-malformed",
    inject: (world) => world.write("client_secret", "\ufeffthe-secret"),
  },
  {
    fault: "an API key is required and none is set",
    code: "api-key-missing",
    inject: setControlPlane({ auth: { type: "apiKey" } }),
  },
  {
    fault: "the API key is truncated",
    code: "api-key-malformed",
    inject: (world) => {
      world.settings.controlPlane["auth"] = { type: "apiKey" };
      world.environment["FLYTE_API_KEY"] = "dW5pb24uZXhhbXBsZS5jb20";
    },
  },
  { fault: "the Deployment of the operator does not exist", code: "app-version-not-found", inject: fromOperator },
  {
    fault: "the Deployment names no appVersion",
    code: "app-version-not-found",
    world: { cluster: { operator: () => [{ name: "OTHER", value: "1" }] } },
    inject: fromOperator,
  },
  {
    fault: "the Deployment may not be read",
    code: "app-version-not-found",
    world: {
      cluster: { operator: () => [{ name: "HELM_APP_VERSION", value: "2026.3.4" }], forbidden: ["GET deployments"] },
    },
    inject: fromOperator,
  },
  {
    fault: "the custom template does not exist",
    code: "file-unreadable",
    inject: (world) => {
      world.settings.task["templateFile"] = world.path("none.hbs");
    },
  },
  { fault: "the custom template does not parse", code: "template-unusable", inject: customTemplate("{{#if x}}") },
  { fault: "the custom template renders no task", code: "template-unusable", inject: customTemplate("shortName: a") },
  {
    fault: "a key of the pod template is mistyped",
    code: "settings-wrong",
    inject: (world) => {
      world.settings.task["podTemplate"] = { tolerations: [{ key: "builds", opertor: "Exists" }] };
    },
  },
  { fault: "the flyte CLI does not exist", code: "flyte-missing", inject: withFlyte("/nonexistent/flyte") },
  {
    fault: "the flyte CLI is not executable",
    code: "flyte-missing",
    inject: async (world) => withFlyte(await world.write("plain", ""))(world),
  },
  {
    fault: "the flyte CLI is broken",
    code: "flyte-missing",
    inject: flyteSays("echo 'No module named flyte' >&2; exit 1"),
  },
  { fault: "another program has the name of the flyte CLI", code: "flyte-missing", inject: flyteSays("echo hello") },
  { fault: "the flyte CLI hangs", code: "flyte-timeout", inject: flyteSays("exec sleep 60") },
  {
    fault: "the flyte CLI has no version of a Python package",
    code: "flyte-version-unknown",
    inject: flyteSays("echo 'Flyte SDK version: main-1a2b3c4'"),
  },
  {
    fault: "a later build of an old flyte CLI gives every appVersion the same cache key",
    code: "flyte-outdated",
    inject: flyteSays("echo 'Flyte SDK version: 2.10.0.post2'"),
  },
  {
    fault: "the version of the flyte CLI gives every appVersion the same cache key",
    code: "flyte-outdated",
    inject: flyteSays("echo 'flyte, version 2.11.4'"),
  },
  {
    fault: "the version of the flyte CLI cannot deploy the task",
    code: "flyte-unsuitable",
    inject: flyteSays("echo 'flyte, version 2.7.0'"),
  },
];

import { describe, expect, it } from "vitest";
import { load, problemsOf } from "./loading.ts";

const apiKey = Buffer.from("union.example.com:id:hush-hush:acme").toString("base64");
const files = { secret: "hush-hush", other: "other-secret", key: apiKey };
const clientSecret = "controlPlane: {auth: {type: clientSecret, clientId: me, clientSecretFile: secret}}";
const secretInVariable = clientSecret.replace("clientSecretFile: secret", "clientSecretVariable: HUSH");
const flag = (name: string) => `--control-plane-auth-${name}`;
const variable = (name: string) => `REGISTRAR_CONTROL_PLANE_AUTH_${name}`;

const authOf = (given: Parameters<typeof load>[0]) => load({ files, ...given }).settings.controlPlane.auth;

describe("types of login", () => {
  it("none is the default", () => {
    expect(authOf({})).toEqual({ type: "none" });
  });

  it.each([
    [
      "the file over FLYTE_API_KEY, which may be meant for another program",
      { file: clientSecret, environment: { FLYTE_API_KEY: apiKey } },
      { type: "clientSecret", clientId: "me", clientSecretFile: "secret" },
    ],
    [
      "a file without login over FLYTE_API_KEY",
      { file: "controlPlane: {auth: {type: none}}", environment: { FLYTE_API_KEY: apiKey } },
      { type: "none" },
    ],
    [
      "FLYTE_API_KEY over a flyte configuration, as in the flyte CLI",
      { flyteFile: "admin: {clientId: me, clientSecretLocation: secret}", environment: { FLYTE_API_KEY: apiKey } },
      { type: "apiKey" },
    ],
    [
      "the type of a variable over FLYTE_API_KEY",
      { environment: { FLYTE_API_KEY: apiKey, [variable("TYPE")]: "none" } },
      { type: "none" },
    ],
    ["a flag over the file", { file: clientSecret, flags: { [flag("type")]: "none" } }, { type: "none" }],
    [
      "a flag over a variable",
      {
        environment: { [variable("TYPE")]: "clientSecret", [variable("CLIENT_ID")]: "me" },
        flags: { [flag("type")]: "externalCommand", [flag("command")]: "[uctl, token]" },
      },
      { type: "externalCommand", command: ["uctl", "token"] },
    ],
    [
      "flags over FLYTE_API_KEY",
      {
        environment: { FLYTE_API_KEY: apiKey },
        flags: { [flag("type")]: "clientSecret", [flag("client-id")]: "me", [flag("client-secret-file")]: "secret" },
      },
      { type: "clientSecret", clientId: "me", clientSecretFile: "secret" },
    ],
  ])("never mix: %s", (_name, given, auth) => {
    expect(authOf(given)).toEqual(auth);
  });

  const scoped = clientSecret.replace("clientId: me,", "clientId: me, scopes: [all],");
  it.each([
    [
      "kept where an API key logs in",
      { environment: { FLYTE_API_KEY: apiKey, [variable("TYPE")]: "apiKey" } },
      { type: "apiKey", scopes: ["all"] },
    ],
    [
      "not those of a command",
      { flags: { [flag("type")]: "externalCommand", [flag("command")]: "[a]" } },
      { type: "externalCommand", command: ["a"] },
    ],
    ["not those of no login", { flags: { [flag("type")]: "none" } }, { type: "none" }],
    [
      "overridden",
      { environment: { FLYTE_API_KEY: apiKey, [variable("TYPE")]: "apiKey", [variable("SCOPES")]: "[a, b]" } },
      { type: "apiKey", scopes: ["a", "b"] },
    ],
  ])("whose scopes are %s", (_name, given, auth) => {
    expect(authOf({ file: scoped, ...given })).toEqual(auth);
  });

  it("keeps what else is set of the control plane", () => {
    const file = `${clientSecret.slice(0, -1)}, org: acme, endpoint: union.example.com}`;
    const { controlPlane } = load({ file, files, flags: { [flag("type")]: "none" } }).settings;
    expect(controlPlane).toMatchObject({ org: "acme", endpoint: "union.example.com", auth: { type: "none" } });
  });

  it("keeps the endpoint of a flyte configuration if FLYTE_API_KEY is not used", () => {
    const flyteFile = "admin: {endpoint: union.example.com}\ntask: {org: acme}";
    for (const FLYTE_API_KEY of [apiKey, "another program's"]) {
      const given = { flyteFile, file: clientSecret, files, environment: { FLYTE_API_KEY } };
      expect(load(given).target).toMatchObject({ endpoint: { hostname: "union.example.com" }, org: "acme" });
    }
  });

  it.each([
    ["one setting of the same type", { flags: { [flag("client-id")]: "you" } }, { clientId: "you" }],
    ["the same type again", { flags: { [flag("type")]: "clientSecret" } }, {}],
    ["a variable", { environment: { [variable("CLIENT_SECRET_FILE")]: "other" } }, { clientSecretFile: "other" }],
  ])("of the file are added to by %s", (_name, given, changed) => {
    expect(authOf({ file: clientSecret, ...given })).toEqual({
      type: "clientSecret",
      clientId: "me",
      clientSecretFile: "secret",
      ...changed,
    });
  });

  it.each([
    ["a file", clientSecret, { CLIENT_SECRET_VARIABLE: "HUSH" }, { clientSecretVariable: "HUSH" }],
    ["a variable", secretInVariable, { CLIENT_SECRET_FILE: "other" }, { clientSecretFile: "other" }],
  ])("move a client secret of %s elsewhere", (_name, file, moved, secret) => {
    const given = Object.entries(moved).map(([name, value]) => [variable(name), value]);
    const environment = { ...Object.fromEntries(given), HUSH: "hush-hush" };
    expect(authOf({ file, environment })).toEqual({ type: "clientSecret", clientId: "me", ...secret });
  });
});

it("tells of a missing client id and of a missing client secret at once", () => {
  expect(problemsOf({ file: "controlPlane: {auth: {type: clientSecret}}" })).toEqual([
    "controlPlane.auth.clientId: not set; for example dataplane-operator",
    expect.stringMatching(/^controlPlane\.auth\.clientSecretFile: not set: set this or clientSecretVariable/),
  ]);
});

describe("a login that does not hold together", () => {
  const types = "none, clientSecret, apiKey, externalCommand";

  it.each([
    ["{clientId: me}", "controlPlane.auth.type: not set; for example clientSecret"],
    [
      "{type: password}",
      `controlPlane.auth.type: the text of 8 characters is none of ${types}; for example clientSecret`,
    ],
    ["{type: 3}", `controlPlane.auth.type: the number is none of ${types}; for example clientSecret`],
    ["{type: none, clientId: me}", "controlPlane.auth.clientId: does not belong to this controlPlane.auth.type"],
    ["{type: none, scopes: [a]}", "controlPlane.auth.scopes: does not belong to this controlPlane.auth.type"],
    [
      "{type: apiKey, scopes: all}",
      'controlPlane.auth.scopes: the text of 3 characters is not a list; for example ["api://00000000-0000-0000-0000-000000000000/.default"]',
    ],
    [
      "{type: apiKey, apiKeyFile: key, command: [a]}",
      "controlPlane.auth.command: does not belong to this controlPlane.auth.type",
    ],
    [
      "{type: none, clientID: me}",
      "controlPlane.auth.clientID: is not a setting; did you mean controlPlane.auth.clientId?",
    ],
    [
      "{type: clientSecret, clientId: me}",
      "controlPlane.auth.clientSecretFile: not set: set this or clientSecretVariable; for example /etc/union/secret/client_secret",
    ],
    [
      "{type: clientSecret, clientId: me, clientSecretFile: secret, clientSecretVariable: HUSH}",
      "controlPlane.auth.clientSecretVariable: the text of 4 characters is set in addition to clientSecretFile; set one of the two; for example UNION_CLIENT_SECRET",
    ],
    [
      "{type: clientSecret, clientId: me, clientSecretVariable: hush-hush}",
      "controlPlane.auth.clientSecretVariable: the text of 9 characters is not the name of an environment variable; for example UNION_CLIENT_SECRET",
    ],
    [
      "{type: clientSecret, clientId: '', clientSecretFile: secret}",
      "controlPlane.auth.clientId: the text is empty; for example dataplane-operator",
    ],
    [
      "{type: externalCommand, command: []}",
      'controlPlane.auth.command: the list is empty; for example ["uctl","get-token"]',
    ],
    [
      "{type: externalCommand, command: uctl token}",
      'controlPlane.auth.command: the text of 10 characters is not a list; for example ["uctl","get-token"]',
    ],
    [
      "clientSecret",
      "controlPlane.auth: the text of 12 characters is not a mapping; for example controlPlane.auth.type: clientSecret",
    ],
  ])("%s", (auth, problem) => {
    expect(problemsOf({ files, file: `controlPlane: {auth: ${auth}}` })).toEqual([problem]);
  });
});

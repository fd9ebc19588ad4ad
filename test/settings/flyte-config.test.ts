import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeCause } from "../../src/findings/describe-cause.ts";
import { RegistrarError } from "../../src/findings/registrar-error.ts";
import { copiedKeys, fromFlyteConfig } from "../../src/settings/flyte-config.ts";
import { parseSettings } from "../../src/settings/parse-settings.ts";
import { described } from "../../testing/findings/described.ts";
import { load, problemsOf, refused } from "./loading.ts";

const settingsOf = (text: string, environment = {}) => fromFlyteConfig(text, environment).settings;
const authOf = (admin: string, environment = {}) => {
  const { controlPlane } = load({ flyteFile: `admin: {${admin}}`, files: { secret: "s3cret" }, environment }).settings;
  return controlPlane.auth;
};
const inFile = { type: "clientSecret", clientId: "me", clientSecretFile: "secret" };
const inVariable = { type: "clientSecret", clientId: "me", clientSecretVariable: "HUSH" };

describe("a flyte configuration", () => {
  it("as `flyte create config` writes it gives endpoint and organisation, and nothing of project and domain", () => {
    const text = `admin: {endpoint: "dns:///union.example.com", insecure: false}
task: {org: acme, project: flytesnacks, domain: development}
image: {builder: remote}
local: {persistence: true}`;
    expect(settingsOf(text)).toEqual({
      controlPlane: { endpoint: "dns:///union.example.com", insecure: false, org: "acme" },
    });
    expect(load({ flyteFile: text }).settings.task).toMatchObject({ project: "system", domain: "production" });
  });

  it("as uctl has it, with anchors and sections that the SDK does not know, gives the same", () => {
    const text = `x: &connection {endpoint: "dns:///union.example.com", insecure: no}
admin: {<<: *connection, authType: Pkce, scopes: [all]}
union: {connection: *connection}
logger: {level: 0}
logger: {level: 6}`;
    expect(settingsOf(text)).toEqual({ controlPlane: { endpoint: "dns:///union.example.com", insecure: false } });
  });

  it.each(Object.entries(copiedKeys))("gives %s as %s", (key, setting) => {
    const [section = "", name = ""] = key.split(".");
    const [, leaf = ""] = setting.split(".");
    expect(settingsOf(`${section}: {${name}: a}`)).toEqual({ controlPlane: { [leaf]: "a" } });
    for (const nothing of ["", "''", "null", "~", "[]"]) {
      expect(settingsOf(`${section}: {${name}: ${nothing}}`)).toEqual({});
    }
  });

  it("names files as the SDK finds them: from the working directory, and without a home folder", () => {
    const text = "admin: {caCertFilePath: ./ca.pem, clientId: me, clientSecretLocation: ~/secret}";
    expect(settingsOf(text)["controlPlane"]).toMatchObject({
      caFile: "./ca.pem",
      auth: { clientSecretFile: "~/secret" },
    });
  });

  it("gives all but endpoint and organisation in addition to an API key, which names both", () => {
    const admin =
      "admin: {endpoint: union.example.com, insecure: true, caCertFilePath: ca.pem, httpProxyURL: 'http://p'}";
    expect(settingsOf(`${admin}\ntask: {org: acme}`, { FLYTE_API_KEY: "key" })).toEqual({
      controlPlane: { insecure: true, caFile: "ca.pem", proxy: "http://p" },
    });
  });

  it("says nothing of a browser where another source gives a login", () => {
    const file = "controlPlane: {auth: {type: clientSecret, clientId: me, clientSecretFile: secret}}";
    const { target } = load({ flyteFile: "admin: {endpoint: union.example.com}", file, files: { secret: "s3cret" } });
    expect(target?.credentials).toStrictEqual({ type: "clientSecret", clientId: "me", clientSecret: "s3cret" });
  });

  it("verifies certificates where it names CAs, whatever it is to skip", () => {
    const text = "admin: {insecureSkipVerify: true, caCertFilePath: ca.pem}";
    expect(settingsOf(text)).toEqual({ controlPlane: { caFile: "ca.pem" } });
    expect(settingsOf("admin: {insecureSkipVerify: true}")).toEqual({ controlPlane: { insecureSkipVerify: true } });
  });

  it.each(["", "{}", "admin:", "admin: {}\ntask:", "other: [a]", "admin: {Endpoint: a, end-point: b}"])(
    "may say nothing of the control plane: %j",
    (flyteFile) => {
      expect(load({ flyteFile }).settings).toEqual(load({}).settings);
    },
  );
});

describe("the login of a flyte configuration", () => {
  it.each([
    ["of a secret in a file", "clientId: me, clientSecretLocation: secret", {}, inFile],
    ["of a secret in a variable", "clientId: me, clientSecretEnvVar: HUSH", { HUSH: "s3cret" }, inVariable],
    [
      "of a variable before a file",
      "clientId: me, clientSecretLocation: secret, clientSecretEnvVar: HUSH",
      { HUSH: "s3cret" },
      inVariable,
    ],
    [
      "of a file where the variable is empty",
      "clientId: me, clientSecretLocation: secret, clientSecretEnvVar: HUSH",
      { HUSH: "" },
      inFile,
    ],
    [
      "of a file where the variable is named as what every object has",
      "clientId: me, clientSecretLocation: secret, clientSecretEnvVar: constructor",
      {},
      inFile,
    ],
    ["of a secret whatever authType says", "authType: Pkce, clientId: me, clientSecretLocation: secret", {}, inFile],
    [
      "of a secret before a command",
      "authType: ExternalCommand, command: [a], clientId: me, clientSecretEnvVar: HUSH",
      { HUSH: "s3cret" },
      inVariable,
    ],
    [
      "of a command where the variable is not set",
      "authType: ExternalCommand, command: [a], clientId: me, clientSecretEnvVar: HUSH",
      {},
      { type: "externalCommand", command: ["a"] },
    ],
    [
      "of a command in a list",
      "authType: ExternalCommand, command: [uctl, 'get token']",
      {},
      { type: "externalCommand", command: ["uctl", "get token"] },
    ],
    [
      "of a command in a line",
      `authType: ExternalCommand, command: "uctl 'get token'"`,
      {},
      { type: "externalCommand", command: ["uctl", "get token"] },
    ],
    [
      "of a command in a JSON array",
      `authType: ExternalCommand, command: '["uctl", "get token"]'`,
      {},
      { type: "externalCommand", command: ["uctl", "get token"] },
    ],
    [
      "of a command in a JSON array after whitespace",
      `authType: ExternalCommand, command: ' ["uctl", "get token"]'`,
      {},
      { type: "externalCommand", command: ["uctl", "get token"] },
    ],
  ])("%s", (_name, admin, environment, auth) => {
    expect(authOf(admin, environment)).toEqual(auth);
  });

  it.each([
    ["[api://8e82/.default, openid]", ["api://8e82/.default", "openid"]],
    ["api://8e82/.default", ["api://8e82/.default"]],
    ["'a, b  c,d'", ["a", "b", "c", "d"]],
    [`'["a", "b c"]'`, ["a", "b c"]],
    [`' [a'`, ["[a"]],
  ])("requests its scopes, in each form that the SDK reads: %s", (scopes, list) => {
    expect(authOf(`clientId: me, clientSecretLocation: secret, scopes: ${scopes}`)).toEqual({
      ...inFile,
      scopes: list,
    });
  });

  it.each(["", "[]", "null", "''"])("requests what the control plane publishes where its scopes are %j", (scopes) => {
    expect(authOf(`clientId: me, clientSecretLocation: secret, scopes: ${scopes}`)).toEqual(inFile);
  });

  it.each(["clientId: me, clientSecretLocation: secret", "authType: Pkce"])(
    "gives its scopes to an API key in the environment, as the SDK does: %s",
    (admin) => {
      const FLYTE_API_KEY = Buffer.from("host:id:secret:org").toString("base64");
      expect(authOf(`${admin}, scopes: [a]`, { FLYTE_API_KEY })).toEqual({ type: "apiKey", scopes: ["a"] });
      const none = { FLYTE_API_KEY, REGISTRAR_CONTROL_PLANE_AUTH_TYPE: "none" };
      expect(authOf(`${admin}, scopes: [a]`, none)).toEqual({ type: "none" });
    },
  );

  const interactive = (reason: string) => `the flyte configuration uses an interactive (browser) login (${reason})`;
  const another = "the authType of the flyte configuration is neither ClientSecret nor ExternalCommand";

  it.each([
    ["of a browser", "authType: Pkce, clientId: me", interactive("authType Pkce")],
    ["of a device", "authType: DeviceFlow", interactive("authType DeviceFlow")],
    ["of the default", "clientId: me, scopes: [all]", interactive("no authType means Pkce")],
    ["of a command that is not asked for", "command: [a]", interactive("no authType means Pkce")],
    ["of the caller", "authType: Passthrough", another],
    ["of a spelling that the SDK does not know", "authType: externalcommand, command: [a]", another],
    ["of a secret in the wrong place", "authType: CANARY", another],
  ])("%s is none that a program can do, and says so", (_name, admin, why) => {
    const { settings, target } = load({ flyteFile: `admin: {endpoint: union.example.com, ${admin}}` });
    expect(settings.controlPlane.auth).toEqual({ type: "none" });
    expect(target?.credentials).toEqual({ type: "none", why: expect.stringContaining(why) });
    expect(JSON.stringify(target)).not.toContain("CANARY");
  });

  it.each([
    ["authType: ClientSecret", ["controlPlane.auth.clientId: not set", "controlPlane.auth.clientSecretFile: not set"]],
    ["clientSecretLocation: secret", ["controlPlane.auth.clientId: not set"]],
    ["authType: ExternalCommand", ["controlPlane.auth.command: not set"]],
    ["authType: ExternalCommand, command: []", ["controlPlane.auth.command: not set"]],
    ['authType: ExternalCommand, command: "a \'b"', ["controlPlane.auth.command: the text of 4 characters is not a"]],
    ["authType: ExternalCommand, command: '[a'", ["controlPlane.auth.command: the text of 2 characters is not a list"]],
  ])("that does not hold together is refused as our own: %s", (admin, problems) => {
    const found = problemsOf({ flyteFile: `admin: {${admin}}` });
    expect(found).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });

  it("says which variable holds nothing, before a browser is asked for", () => {
    const error = refused({ flyteFile: "admin: {clientId: me, clientSecretEnvVar: HUSH}" });
    expect(error.code).toBe("variable-missing");
    expect(described(error).what).toContain("variable HUSH of controlPlane.auth.clientSecretVariable");
  });

  it("has its secret hidden", () => {
    const flyteFile = "admin: {endpoint: union.example.com, clientId: me, clientSecretEnvVar: HUSH}";
    expect(load({ flyteFile, environment: { HUSH: "s3cret" } }).secrets).toContain("s3cret");
  });
});

describe("precedence", () => {
  const flyteFile =
    "admin: {endpoint: flyte.example.com, clientId: me, clientSecretLocation: secret}\ntask: {org: flyte}";
  const files = { secret: "s3cret", other: "other" };
  const file = "controlPlane: {endpoint: own.example.com}";
  const environment = { REGISTRAR_CONTROL_PLANE_ENDPOINT: "variable.example.com" };
  const flags = { "--control-plane-endpoint": "flag.example.com" };

  it.each([
    ["a flyte configuration", {}, "flyte.example.com"],
    ["our own file", { file }, "own.example.com"],
    ["a variable", { file, environment }, "variable.example.com"],
    ["a flag", { file, environment, flags }, "flag.example.com"],
  ])("%s comes before what is below it, which stays where nothing is said", (_name, above, endpoint) => {
    const { settings, target } = load({ flyteFile, files, ...above });
    expect(settings.controlPlane).toMatchObject({ endpoint, org: "flyte" });
    expect(target?.credentials).toMatchObject({ type: "clientSecret", clientSecret: "s3cret" });
  });

  it("another login above replaces that of the flyte configuration whole", () => {
    const key = Buffer.from("union.example.com:id:hush-hush:acme").toString("base64");
    const { settings, target } = load({ flyteFile, files, environment: { FLYTE_API_KEY: key } });
    expect(settings.controlPlane.auth).toEqual({ type: "apiKey" });
    expect(target?.credentials).toMatchObject({ clientSecret: "hush-hush" });
    expect(target).toMatchObject({ endpoint: { hostname: "union.example.com" }, org: "acme" });
  });

  it("the place of a secret above replaces that of the flyte configuration", () => {
    const moved = "controlPlane: {auth: {type: clientSecret, clientSecretVariable: HUSH}}";
    const { settings } = load({ flyteFile, file: moved, environment: { HUSH: "hush" } });
    expect(settings.controlPlane.auth).toEqual(inVariable);
  });

  it("the run's own file alone is what a scheduled run reads again", () => {
    expect(load({ flyteFile, files }).file).toBeUndefined();
    expect(load({ flyteFile, files, file }).file).toEqual({ path: "registrar.yaml", text: file });
  });
});

describe("the file of --flyte-config", () => {
  const parse = (
    flyteConfigFile: string,
    environment: Record<string, string>,
    readFile: (path: string) => Uint8Array,
  ) => parseSettings({ configFile: undefined, flyteConfigFile, flags: [], environment }, readFile);

  it.each([
    ["~/.flyte/config.yaml", { HOME: "/home/me" }, "/home/me/.flyte/config.yaml"],
    ["~/.flyte/config.yaml", {}, "~/.flyte/config.yaml"],
    ["~/.flyte/config.yaml", { HOME: "" }, "~/.flyte/config.yaml"],
    ["~other/config.yaml", { HOME: "/home/me" }, "~other/config.yaml"],
    ["./config.yaml", { HOME: "/home/me" }, "./config.yaml"],
  ])("%s with %j is %s", (given, environment, read) => {
    const texts: Record<string, string> = { [read]: "admin: {endpoint: union.example.com}" };
    const { settings } = parse(given, environment, (path) => Buffer.from(texts[path] ?? ""));
    expect(settings.controlPlane.endpoint).toBe("union.example.com");
  });

  it("is named where it is not there, with the flag to name another", () => {
    const readFile = () => {
      throw new Error("ENOENT: no such file or directory");
    };
    expect(() => parse("~/config.yaml", { HOME: "/home/me" }, readFile)).toThrow(
      expect.objectContaining({
        exit: 2,
        finding: {
          code: "settings-file-unreadable",
          severity: "error",
          args: { file: "/home/me/config.yaml", flag: "--flyte-config" },
          why: "ENOENT: no such file or directory",
        },
      }),
    );
  });

  it.each([
    ["[platform]\nurl = union.example.com", /^Unexpected scalar at node end at line 2/],
    ["- admin", /^the file is not a mapping of settings$/],
    ["admin: [endpoint]", /^admin is not a mapping$/],
    ["task: acme", /^task is not a mapping$/],
    ["admin: {endpoint: a", /^Flow map in block collection/],
  ])("that has another shape says so: %j", (flyteFile, why) => {
    const error = refused({ flyteFile });
    expect([error.code, error.finding.why]).toEqual(["settings-file-unreadable", expect.stringMatching(why)]);
  });
});

describe("whatever stands in it", () => {
  const word = "CANARY";
  const scalar = fc.oneof(fc.constant(word), fc.string(), fc.boolean(), fc.double(), fc.constant(null));
  const value = fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.constantFrom(word, "__proto__", "<<"), scalar));
  const keys = ["clientId", "clientSecretLocation", "clientSecretEnvVar", "authType", "command"];
  const names = [...Object.keys(copiedKeys).map((key) => key.split(".")[1] ?? ""), ...keys, word];
  const section = fc.oneof(fc.dictionary(fc.constantFrom(...names), value), value);
  const shaped = fc.record({ admin: section, task: section }).map((config) => JSON.stringify(config));
  const tokens = fc.constantFrom(
    "admin",
    "task",
    "endpoint",
    "authType",
    "ExternalCommand",
    "command",
    word,
    "<<",
    "&a",
    "*a",
    "!",
    "!!set",
    "!!omap",
    "!!timestamp",
    "!!merge",
    "%YAML",
    "%TAG",
    "---",
    ": ",
    ", ",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    "|",
    "%YAML CANARY\n---\n",
    '"\\UCANARYXX"',
    "!CANARY! ",
    "*CANARY",
    "&CANARY ",
    "|CANARY",
    "'",
    '"',
    "\\x",
    "\\U",
    "\t",
    "\n",
    "\n  ",
    " ",
    "#",
    "@",
    "`",
    "\0",
    "\u2028",
  );
  const text = fc.array(tokens, { maxLength: 30 }).map((parts) => parts.join(""));

  it("gives settings or an error of ours, and no piece of it in words", () => {
    fc.assert(
      fc.property(fc.oneof(shaped, text, fc.string({ unit: "binary" })), (content) => {
        const invocation = { configFile: undefined, flyteConfigFile: "flyte.yaml", flags: [], environment: {} };
        try {
          parseSettings(invocation, () => Buffer.from(content));
        } catch (error) {
          if (!(error instanceof RegistrarError)) throw error;
          expect(["settings-wrong", "settings-file-unreadable"]).toContain(error.code);
          expect(JSON.stringify(error.finding) + describeCause(error)).not.toContain(word);
        }
      }),
      { numRuns: 500 },
    );
  });
});

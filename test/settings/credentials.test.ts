import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseApiKey } from "../../src/settings/api-key.ts";
import { described } from "../../testing/findings/described.ts";
import { decodedBase64 } from "../definition/python.ts";
import { load, refused } from "./loading.ts";

const at = "endpoint: union.example.com";
const clientSecret = `controlPlane: {${at}, auth: {type: clientSecret, clientId: me, clientSecretFile: secret}}`;
const apiKeyFile = "controlPlane: {auth: {type: apiKey, apiKeyFile: key}}";
const apiKey = "controlPlane: {auth: {type: apiKey}}";
const encoded = (...parts: string[]) => Buffer.from(parts.join(":")).toString("base64");
const key = encoded("union.example.com", "id", "hush-hush", "acme");
const fromKey = { type: "clientSecret", clientId: "id", clientSecret: "hush-hush" };

describe("a client secret", () => {
  it.each(["s3cret", "s3cret\n", "s3cret\r\n", "  s3cret \n\n"])("is read from its file: %j", (content) => {
    expect(load({ file: clientSecret, files: { secret: content } }).target?.credentials).toEqual({
      type: "clientSecret",
      clientId: "me",
      clientSecret: "s3cret",
    });
  });

  it("keeps whitespace inside", () => {
    expect(load({ file: clientSecret, files: { secret: "a b\tc\n" } }).target?.credentials).toMatchObject({
      clientSecret: "a b\tc",
    });
  });
});

describe("scopes", () => {
  const scopes = ["api://union/.default", "openid"];

  it.each([
    ["a client secret", clientSecret, { secret: "s3cret" }],
    ["an API key", apiKeyFile, { key }],
  ])("go with %s", (_name, file, files) => {
    const withScopes = file.replace("auth: {", `auth: {scopes: [${scopes.map((scope) => `"${scope}"`).join(", ")}], `);
    const read = load({ file: withScopes, files });
    expect(read.target?.credentials).toMatchObject({ type: "clientSecret", scopes });
    expect(load({ file: file.replace("auth: {", "auth: {scopes: [], "), files }).target).toEqual(
      load({ file, files }).target,
    );
  });
});

describe("a client secret of a variable", () => {
  const named = (name: string) => clientSecret.replace("clientSecretFile: secret", `clientSecretVariable: ${name}`);

  it.each(["s3cret", "s3cret\n", "  s3cret "])("is what the variable holds: %j", (HUSH) => {
    expect(load({ file: named("HUSH"), environment: { HUSH } }).target?.credentials).toEqual({
      type: "clientSecret",
      clientId: "me",
      clientSecret: "s3cret",
    });
  });

  it.each([
    ["is not set", "HUSH", {}],
    ["is empty", "HUSH", { HUSH: "" }],
    ["holds whitespace", "HUSH", { HUSH: " \n" }],
    ["has the name of what every object has", "constructor", {}],
    ["has another name", "HUSH", { OTHER: "s3cret" }],
  ])("is missing where the variable %s", (_name, variable, environment) => {
    expect(described(refused({ file: named(variable), environment }))).toMatchObject({
      code: "variable-missing",
      what: `the environment variable ${variable} of controlPlane.auth.clientSecretVariable is not set`,
    });
  });
});

describe("a file that a setting names", () => {
  const caFile = `controlPlane: {${at}, caFile: key}`;

  it.each([
    ["controlPlane.auth.clientSecretFile", clientSecret.replace("clientSecretFile: secret", "clientSecretFile: key")],
    ["controlPlane.auth.apiKeyFile", apiKeyFile],
    ["controlPlane.caFile", caFile],
  ])("is refused where it is missing or empty: %s", (setting, file) => {
    const missing = refused({ file });
    expect(described(missing)).toMatchObject({
      code: "file-unreadable",
      what: `the file key of ${setting} cannot be read`,
      why: "ENOENT: no such file or directory, open 'key'",
      next: "ls -l key",
    });
    for (const content of ["", "\n", " \n\t"]) {
      const empty = refused({ file, files: { key: content } });
      expect(empty.finding).toMatchObject({ code: "file-unreadable", why: "the file is empty" });
    }
  });

  it("is not read by a run without an endpoint, if it is the file of CAs", () => {
    expect(load({ file: "controlPlane: {caFile: missing}" }).target).toBeUndefined();
  });
});

describe("an API key", () => {
  it.each([
    ["of the variable alone", { environment: { FLYTE_API_KEY: key } }],
    ["of the variable, with the type set", { environment: { FLYTE_API_KEY: key }, file: apiKey }],
    ["of the variable, with whitespace around it", { environment: { FLYTE_API_KEY: ` ${key}\n` } }],
    ["of a file", { file: apiKeyFile, files: { key: `${key}\n` } }],
    [
      "of a file before the variable",
      { file: apiKeyFile, files: { key }, environment: { FLYTE_API_KEY: encoded("h", "x", "y", "z") } },
    ],
  ])("%s gives endpoint, organisation and credentials", (_name, given) => {
    expect(load(given).target).toMatchObject({
      endpoint: { url: "https://union.example.com" },
      org: "acme",
      credentials: fromKey,
    });
  });

  it("gives way to an endpoint and an organisation that are set", () => {
    const file = "controlPlane: {endpoint: other.example.com, org: other}";
    expect(load({ file, environment: { FLYTE_API_KEY: key } }).target).toMatchObject({
      endpoint: { hostname: "other.example.com" },
      org: "other",
      credentials: fromKey,
    });
  });

  it.each([
    ["a host with dns:///", encoded("dns:///union.example.com", "id", "hush-hush", "acme"), "acme"],
    ["a host with dns://", encoded("dns://union.example.com", "id", "hush-hush", "acme"), "acme"],
    ["the organisation None", encoded("union.example.com", "id", "hush-hush", "None"), ""],
    ["an empty organisation", encoded("union.example.com", "id", "hush-hush", ""), ""],
    ["no organisation at all", encoded("union.example.com", "id", "hush-hush"), ""],
    [
      "the alphabet of URLs and no padding",
      Buffer.from("union.example.com:id:hush-hush:a?~ÿ").toString("base64url"),
      "a?~ÿ",
    ],
  ])("may have %s", (_name, given, org) => {
    expect(load({ environment: { FLYTE_API_KEY: given } }).target).toMatchObject({
      endpoint: { hostname: "union.example.com" },
      org,
      credentials: fromKey,
    });
  });

  it.each(["\n", "\r\n", " ", " \n\t"])("may end in %j inside, which is no part of the organisation", (end) => {
    for (const [org, name] of [
      ["acme", "acme"],
      ["", ""],
      ["None", ""],
    ] as const) {
      const given = encoded("union.example.com", "id", "hush-hush", `${org}${end}`);
      expect(load({ environment: { FLYTE_API_KEY: given } }).target).toMatchObject({ org: name, credentials: fromKey });
    }
  });

  // GNU base64 breaks lines, docker --env-file keeps quotation marks, zsh shows a % where a line does not end, and so on.
  const strangers = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter(
    (character) => !/[A-Za-z0-9+/=]/.test(character),
  );
  const noise = fc.array(fc.constantFrom(...strangers, "\r\n", "\ufeff", "\u00a0", "“"));

  it("is read through what is no base64, as Python reads it", () => {
    const part = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.~+/é"), minLength: 1, maxLength: 40 });
    const keys = fc.record({ host: part, id: part, secret: part, org: fc.constantFrom("acme", "a-b", "") });
    const cases = fc.sample(fc.tuple(keys, fc.array(fc.tuple(fc.nat(300), noise), { maxLength: 6 })), 200);
    const noisy = cases.map(([{ host, id, secret, org }, places]) =>
      places.reduce(
        (text, [at, inserted]) => text.slice(0, at) + inserted.join("") + text.slice(at),
        encoded(host, id, secret, org),
      ),
    );
    expect(noisy.map((text) => parseApiKey(text))).toEqual(
      decodedBase64(noisy).map((decoded, index) => {
        const [host, clientId, clientSecret, org] = (decoded ?? "").split(":");
        return { text: noisy[index]?.trim(), host, clientId, clientSecret, org: org === "" ? undefined : org };
      }),
    );
  });

  it.each(["-", "_"])("has no digit %s where Python can read it without", (stranger) => {
    const given = encoded("union.example.com", "id", "hush-hush", "acme").replace("=", `${stranger}=`);
    expect(parseApiKey(given)).toMatchObject({ clientSecret: "hush-hush", org: "acme" });
  });

  it.each([
    ["no base64", { FLYTE_API_KEY: "union.example.com:id:CANARY:acme" }],
    ["no text in it", { FLYTE_API_KEY: encoded("CANARY") }],
    ["too few parts", { FLYTE_API_KEY: encoded("host", "CANARY") }],
    ["too many parts", { FLYTE_API_KEY: encoded("host", "443", "id", "CANARY", "org") }],
    ["no host", { FLYTE_API_KEY: encoded("", "id", "CANARY", "org") }],
    ["no client id", { FLYTE_API_KEY: encoded("host", "", "CANARY", "org") }],
    ["no client secret", { FLYTE_API_KEY: encoded("host", "CANARY", "", "org") }],
    ["a scheme inside of its host", { FLYTE_API_KEY: encoded("xdns:///host", "id", "CANARY", "org") }],
    ["UTF-16 in it", { FLYTE_API_KEY: Buffer.from("host:id:CANARY:org", "utf16le").toString("base64") }],
    ["bytes that are no text", { FLYTE_API_KEY: Buffer.from("host:id:CANARY:\xff", "latin1").toString("base64") }],
    ["a line end between its parts", { FLYTE_API_KEY: encoded("host", "id\n", "CANARY", "org") }],
  ])("with %s is refused, and no part of it is said", (_name, environment) => {
    const { finding, code, message } = refused({ file: apiKey, environment });
    expect([code, finding.why]).toEqual(["api-key-malformed", "it does not decode to four parts"]);
    expect(JSON.stringify({ finding, message })).not.toMatch(/CANARY|Q0FOQVJZ/);
  });
});

describe("an API key that is given nowhere", () => {
  it("is missing, and not malformed", () => {
    expect(refused({ file: apiKey, environment: {} }).code).toBe("api-key-missing");
  });
});

describe("an external command", () => {
  it("is a program with its arguments", () => {
    const file = `controlPlane: {${at}, auth: {type: externalCommand, command: [uctl, get-token, "a b"]}}`;
    expect(load({ file }).target?.credentials).toEqual({
      type: "externalCommand",
      command: ["uctl", "get-token", "a b"],
    });
  });
});

describe("credentials over plain HTTP", () => {
  it("are not sent, which is said", () => {
    const { target, warnings } = load({
      file: clientSecret.replace(at, "endpoint: http://union.example.com"),
      files: { secret: "hush-hush" },
    });
    expect(target?.credentials).toEqual({ type: "none" });
    expect(warnings).toMatchObject([{ code: "insecure-without-token", severity: "warning" }]);
  });

  it("are no matter where there are none", () => {
    expect(load({ file: "controlPlane: {endpoint: union, insecure: true}" }).warnings).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findLogin, parseDockerConfig } from "../../src/registry/docker-config.ts";
import { parseImageReference } from "../../src/registry/image-reference.ts";

const read = (config: unknown) => parseDockerConfig(JSON.stringify(config), "/auth/config.json");
const find = (config: unknown, image: string) => findLogin(read(config), parseImageReference(image));
const auth = (username: string, password: string) => ({ auth: btoa(`${username}:${password}`) });
const login = (username: string, password: string) => ({ kind: "password", username, password });

const logins: [name: string, config: object, image: string, expected: object | undefined][] = [
  ["base64", { auths: { "ghcr.io": auth("a", "b") } }, "ghcr.io/acme/base", login("a", "b")],
  ["a colon in the password", { auths: { "ghcr.io": auth("a", "b:c") } }, "ghcr.io/x", login("a", "b:c")],
  ["zero bytes after it", { auths: { "ghcr.io": auth("a", "b\0\0") } }, "ghcr.io/x", login("a", "b")],
  ["apart", { auths: { "ghcr.io": { username: "a", password: "b" } } }, "ghcr.io/x", login("a", "b")],
  ["Docker Hub", { auths: { "https://index.docker.io/v1/": auth("a", "b") } }, "python", login("a", "b")],
  ["Docker Hub by name", { auths: { "docker.io": auth("a", "b") } }, "acme/base", login("a", "b")],
  ["an old key", { auths: { "https://registry.test/v1/": auth("a", "b") } }, "registry.test/x", login("a", "b")],
  ["a port", { auths: { "registry.test:5000": auth("a", "b") } }, "registry.test:5000/x", login("a", "b")],
  ["another port", { auths: { "registry.test:5000": auth("a", "b") } }, "registry.test/x", undefined],
  [
    "the longest path",
    { auths: { "ghcr.io": auth("a", "a"), "ghcr.io/acme": auth("b", "b") } },
    "ghcr.io/acme/base",
    login("b", "b"),
  ],
  [
    "a path of others",
    { auths: { "ghcr.io": auth("a", "a"), "ghcr.io/acme": auth("b", "b") } },
    "ghcr.io/acmeister/x",
    login("a", "a"),
  ],
  ["a path alone", { auths: { "ghcr.io/acme": auth("b", "b") } }, "ghcr.io/other/base", undefined],
  ["the whole path", { auths: { "ghcr.io/acme/base": auth("b", "b") } }, "ghcr.io/acme/base:1", login("b", "b")],
  [
    "an identity token",
    { auths: { "a.azurecr.io": { ...auth("0", "-"), identitytoken: "t" } } },
    "a.azurecr.io/x",
    { kind: "identity-token", token: "t" },
  ],
  [
    "a registry token",
    { auths: { "ghcr.io": { registrytoken: "t" } } },
    "ghcr.io/x",
    { kind: "registry-token", token: "t" },
  ],
  ["nothing", {}, "ghcr.io/x", undefined],
  ["nulls", { auths: null, credHelpers: null, credsStore: null }, "ghcr.io/x", undefined],
  ["an empty entry", { auths: { "ghcr.io": {} } }, "ghcr.io/x", undefined],
  ["no user name", { auths: { "ghcr.io": { auth: btoa("nothing") } } }, "ghcr.io/x", undefined],
  [
    "a helper before the store",
    { credHelpers: { "ghcr.io": "gh" }, credsStore: "pass" },
    "ghcr.io/x",
    { kind: "helper", helper: "gh" },
  ],
  [
    "the store before a login",
    { auths: { "ghcr.io": auth("a", "b") }, credsStore: "pass" },
    "ghcr.io/x",
    { kind: "helper", helper: "pass" },
  ],
  [
    "a helper of another host",
    { auths: { "ghcr.io": auth("a", "b") }, credHelpers: { "gcr.io": "gcr" } },
    "ghcr.io/x",
    login("a", "b"),
  ],
  ["an empty store", { auths: { "ghcr.io": auth("a", "b") }, credsStore: "" }, "ghcr.io/x", login("a", "b")],
  ["other fields", { auths: {}, HttpHeaders: {}, psFormat: "x" }, "ghcr.io/x", undefined],
];

describe("a Docker configuration", () => {
  test.each(logins)("%s", (_name, config, image, expected) => {
    expect(find(config, image)).toEqual(expected);
  });

  test.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["logins in a list", `{"auths":[]}`],
    ["a number as login", `{"auths":{"ghcr.io":1}}`],
    ["a helper with a path", `{"credHelpers":{"ghcr.io":"../../bin/sh"}}`],
    ["a password that is none", `{"auths":{"ghcr.io":{"username":"a","password":{"canary":1}}}}`],
  ])("with %s is refused, without what is in it", (_name, text) => {
    const parse = () => parseDockerConfig(text.replace("{", `{"canary":"canary",`), "/auth/config.json");
    expect(parse).toThrow(
      expect.objectContaining({
        code: "registry-login-file-malformed",
        finding: expect.objectContaining({ why: expect.not.stringContaining("canary") }),
      }),
    );
  });

  test("gives the login of the place that the repository is below, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (username, password) => {
        fc.pre(!username.includes(":") && !password.endsWith("\0"));
        const encoded = Buffer.from(`${username}:${password}`).toString("base64");
        const [name = "", ...rest] = Buffer.from(encoded, "base64").toString().split(":");
        const found = find({ auths: { "ghcr.io": { auth: encoded } } }, "ghcr.io/x");
        expect(found).toEqual(login(name, rest.join(":")));
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { problem } from "../../src/findings/registrar-error.ts";
import { systemClock } from "../../src/system/clock.ts";
import { imageContent, sha256Of } from "../../testing/registry/image-content.ts";
import { type Registry, type RegistryOptions, startRegistry } from "../../testing/registry/registry.ts";
import { registryLogin } from "../../testing/registry/registry-gate.ts";
import { always, type ClientOptions, failureOf, loginsOf, openClient, referenceTo } from "./clients.ts";

const image = imageContent();
const [config = Buffer.alloc(0)] = image.blobs;
const { username, password, refreshToken } = registryLogin;
const login = { auth: btoa(`${username}:${password}`) };
const wrongLogin = { username, password: "wrong" };

async function startFilled(options: RegistryOptions): Promise<Registry> {
  const registry = await startRegistry(options);
  registry.push("acme/base", "1", image);
  registry.push("acme/open", "1", image);
  return registry;
}

/** Reads an image with a stored login. */
async function read(registry: Registry, entry: object | undefined, name = "acme/base:1", options: ClientOptions = {}) {
  const stored = entry && { logins: loginsOf(registry.host, entry) };
  using client = openClient([registry], { ...stored, ...options });
  const reading = client.readManifest(referenceTo(registry, name), always);
  const outcome = await reading.then(
    ({ digest }) => digest,
    () => failureOf(reading),
  );
  return { outcome, warnings: client.refusedLogins(), secrets: client.secrets };
}

const publicRepositories = ["acme/open"];

describe("a login", () => {
  test.each<[string, RegistryOptions, object]>([
    ["with a password", { auth: "basic" }, login],
    ["with a password, for a token", { auth: "token" }, login],
    ["with an identity token", { auth: "token" }, { ...login, identitytoken: refreshToken }],
  ])("%s is used, and kept secret", async (_name, options, entry) => {
    await using registry = await startFilled(options);
    const { outcome, warnings, secrets } = await read(registry, entry);
    expect(outcome).toBe(image.digest);
    expect(warnings).toEqual([]);
    const stored = "identitytoken" in entry ? [refreshToken] : [password, login.auth];
    const got = options.auth === "token" ? [expect.stringMatching(/^[0-9a-f-]{36}$/)] : [];
    expect(secrets).toEqual([...stored, ...got]);
    expect(registry.calls[0]).toMatchObject({ login: "" });
  });

  test.each<[string, RegistryOptions, object | undefined, string, string]>([
    ["no login, Basic", { auth: "basic" }, undefined, "acme/base:1", "registry-login-required"],
    ["no login, token", { auth: "token" }, undefined, "acme/base:1", "registry-login-required"],
    ["wrong, Basic", { auth: "basic" }, wrongLogin, "acme/base:1", "registry-login-refused"],
    ["wrong, token", { auth: "token" }, wrongLogin, "acme/base:1", "registry-login-refused"],
    ["wrong identity token", { auth: "token" }, { identitytoken: "x" }, "acme/base:1", "registry-login-refused"],
    ["wrong registry token", { auth: "token" }, { registrytoken: "x" }, "acme/base:1", "registry-login-refused"],
  ])("that is no good is reported: %s", async (_name, options, entry, name, code) => {
    await using registry = await startFilled({ ...options, publicRepositories });
    const { outcome } = await read(registry, entry, name);
    expect(outcome).toMatchObject({ code });
  });

  test.each<[string, object]>([
    ["a password", wrongLogin],
    ["an identity token", { identitytoken: "x" }],
    ["a registry token", { registrytoken: "x" }],
  ])("that is refused does not hide a public image: %s", async (_name, entry) => {
    await using registry = await startFilled({ auth: "token", publicRepositories });
    const { outcome, warnings } = await read(registry, entry, "acme/open:1");
    expect(outcome).toBe(image.digest);
    expect(warnings).toMatchObject([
      { code: "registry-login-refused", severity: "warning", args: { host: registry.host, file: "/auth/config.json" } },
    ]);
  });

  test.each([
    ["acme/base", "registry-forbidden", 0],
    ["acme/open", image.digest, 1],
  ])("without a right to %s is told apart from one that is refused", async (name, expected, warned) => {
    await using registry = await startFilled({ auth: "token", publicRepositories, deniedRepositories: [name] });
    const { outcome, warnings } = await read(registry, login, `${name}:1`);
    expect(typeof outcome === "string" ? outcome : outcome.code).toBe(expected);
    expect(warnings).toHaveLength(warned);
  });

  test("that is refused is sent once only", async () => {
    await using registry = await startFilled({ auth: "token", publicRepositories: ["acme/open", "acme/base"] });
    using client = openClient([registry], { logins: loginsOf(registry.host, wrongLogin) });
    await client.readManifest(referenceTo(registry, "acme/open:1"), always);
    await client.readManifest(referenceTo(registry, "acme/base:1"), always);
    expect(registry.calls.filter((call) => call.login === "basic")).toHaveLength(1);
  });

  test("serves all requests for a repository that are made at the same time", async () => {
    await using registry = await startFilled({ auth: "token" });
    using client = openClient([registry], { logins: loginsOf(registry.host, login) });
    const reference = referenceTo(registry, "acme/base:1");
    await Promise.all(Array.from({ length: 20 }, () => client.readManifest(reference, always)));
    await client.readManifest(reference, always);
    expect(registry.calls.filter(({ path }) => path.startsWith("/token"))).toHaveLength(1);
  });

  test("is made again when its token has ended", async () => {
    await using registry = await startFilled({ auth: "token" });
    using client = openClient([registry], { logins: loginsOf(registry.host, login) });
    const reference = referenceTo(registry, "acme/base:1");
    await client.readManifest(reference, always);
    registry.expireTokens();
    expect(await client.readManifest(reference, always)).toMatchObject({ digest: image.digest });
    expect(registry.calls.filter(({ path }) => path.startsWith("/token"))).toHaveLength(2);
  });

  test("is made again before a token that has ended by the clock is sent", async () => {
    await using registry = await startFilled({ auth: "token" });
    let now = 0;
    const clock = { ...systemClock, now: () => now };
    using client = openClient([registry], { clock, logins: loginsOf(registry.host, login) });
    const reference = referenceTo(registry, "acme/base:1");
    for (now of [0, 299_000, 300_000]) await client.readManifest(reference, always);
    const sent = registry.calls.map((call) => (call.path.startsWith("/token") ? "token" : call.login));
    expect(sent).toEqual(["", "token", "bearer", "bearer", "", "token", "bearer"]);
  });

  test("stays with the registry when that redirects to its storage", async () => {
    await using registry = await startFilled({ auth: "basic", hasStorage: true });
    using client = openClient([registry], { logins: loginsOf(registry.host, login) });
    const reference = referenceTo(registry, "acme/base:1");
    const blob = { mediaType: "application/json", digest: sha256Of(config), size: config.length };
    // The storage answers 400 to a login.
    const parts = await (await client.openBlob(reference, blob, always)).toArray();
    expect(Buffer.concat(parts)).toEqual(config);
  });

  test("is not sent to a token endpoint in plain HTTP, which is asked anonymously instead", async () => {
    await using other = await startFilled({ auth: "token", publicRepositories });
    await using registry = await startFilled({ auth: "token", realm: `${other.url}/token`, publicRepositories });
    const { outcome } = await read(registry, login, "acme/open:1", { insecureHosts: [registry.host] });
    // The token of the other one is good for nothing here.
    expect(outcome).toMatchObject({ code: "registry-token-endpoint-insecure" });
    expect(other.calls.map((call) => call.login)).toEqual([""]);
  });

  test("of a program that is missing matters only where the image is not public", async () => {
    await using registry = await startFilled({ auth: "token", publicRepositories });
    const args = { helper: "docker-credential-ecr-login", host: registry.host, file: "/auth/config.json" };
    const logins = { find: () => Promise.reject(problem("registry-login-helper-missing", args, "ENOENT")) };
    expect(await read(registry, undefined, "acme/open:1", { logins })).toMatchObject({ outcome: image.digest });
    await using basic = await startFilled({ auth: "basic" });
    const { outcome } = await read(basic, undefined, "acme/base:1", { logins });
    expect(outcome).toMatchObject({ code: "registry-login-helper-missing" });
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Authority, createAuthority } from "../../../testing/certificates/certificates.ts";
import { imageContent, indexContent, sha256Of } from "../../../testing/registry/image-content.ts";
import { pushImage } from "../../../testing/registry/push-image.ts";
import {
  basicLogin,
  type RealRegistryOptions,
  type RegistryKind,
  startRealRegistry,
} from "../../../testing/registry/real-registry.ts";
import { addHugeBlob, addTags, hugeBlob } from "../../../testing/registry/registry-storage.ts";
import { startTokenServer, type TokenServerOptions } from "../../../testing/registry/token-server.ts";
import { always, failureOf, loginsOf, openClient, referenceTo } from "../clients.ts";

const programs = inject("registries");
const kinds: RegistryKind[] = ["2.8", "v3"];
const storage = mkdtempSync(join(tmpdir(), "registrar-storage-"));
const login = { auth: btoa(`${basicLogin.username}:${basicLogin.password}`) };
const wrongLogin = { username: basicLogin.username, password: "wrong" };

const amd64 = { os: "linux", architecture: "amd64" };
const layer = Buffer.from("a layer of a real registry");
const image = imageContent({ layers: [layer], env: ["PYTHON_VERSION=3.12.4"] });
const index = indexContent([image, imageContent({ architecture: "arm64", variant: "v8" })], { isAttested: true });
const schema2 = indexContent([imageContent({ isSchema2: true })], { isSchema2: true });
const manyTags = Array.from({ length: 3_000 }, (_, number) => `3.${number}`);

let ca: Authority;

/** One storage for all: both read the same format. */
beforeAll(async () => {
  ca = await createAuthority("Acme Root CA");
  await using registry = await startRealRegistry("v3", { programs, storage });
  await pushImage(registry.url, "acme/base", "1", image);
  await pushImage(registry.url, "acme/base", "multi", index);
  await pushImage(registry.url, "acme/base", "docker", schema2);
  await pushImage(registry.url, "acme/open", "1", image);
  await pushImage(registry.url, "acme/many", "0", image);
  addTags(storage, "acme/many", "0", manyTags);
  addHugeBlob(storage, "acme/base");
});
afterAll(() => rmSync(storage, { recursive: true, force: true }));

const start = (kind: RegistryKind, options: Partial<RealRegistryOptions> = {}) =>
  startRealRegistry(kind, { programs, storage, ...options });
const trusted = () => ({ certificateAuthorities: ca.certificatePem });

describe.each(kinds)("registry %s", (kind) => {
  test("is read over TLS: manifests, configuration, layers, parts, tags, and what is missing", async () => {
    await using registry = await start(kind, { tls: await ca.issue() });
    using client = openClient([registry], { route: trusted() });
    const reference = referenceTo(registry, "acme/base:multi");
    const read = await client.readImage(reference, amd64, always);
    expect(read).toMatchObject({ digest: image.digest, layers: [{ digest: sha256Of(layer) }] });
    expect(await client.readConfig(reference, read, always)).toEqual({ ...amd64, env: ["PYTHON_VERSION=3.12.4"] });
    const [blob = hugeBlob] = read.layers;
    expect(Buffer.concat(await (await client.openBlob(reference, blob, always)).toArray())).toEqual(layer);
    const part = await client.openBlobRange(reference, blob, { first: 2, last: 6 }, always);
    expect(String(Buffer.concat((await part?.toArray()) ?? []))).toBe("layer");
    expect(await client.listTags(reference, always)).toEqual({ tags: ["1", "docker", "multi"], isCut: false });
    expect(await client.readManifest(referenceTo(registry, "acme/base:docker"), always)).toMatchObject({
      kind: "index",
      digest: schema2.digest,
    });
    for (const method of ["readManifest", "headManifest"] as const) {
      const code = async (name: string) => (await failureOf(client[method](referenceTo(registry, name), always))).code;
      expect(await code("acme/base:2")).toBe("image-tag-missing");
      expect(await code("acme/none:1")).toBe("image-repository-missing");
      expect(await code(`acme/base@sha256:${"0".repeat(64)}`)).toBe("image-digest-missing");
    }
  });

  test("with a password file lets the login in, and nobody else", async () => {
    await using registry = await start(kind, { auth: "basic" });
    const reference = referenceTo(registry, "acme/base:1");
    using client = openClient([registry], { logins: loginsOf(registry.host, login) });
    expect(await client.readManifest(reference, always)).toMatchObject({ digest: image.digest });
    using anonymous = openClient([registry]);
    const failure = await failureOf(anonymous.readManifest(reference, always));
    expect(failure).toMatchObject({ code: "registry-login-required" });
    using wrong = openClient([registry], { logins: loginsOf(registry.host, wrongLogin) });
    expect(await failureOf(wrong.readManifest(reference, always))).toMatchObject({
      code: "registry-login-refused",
      what: `the login for ${registry.host} in /auth/config.json is refused`,
      why: "HTTP 401, UNAUTHORIZED: authentication required",
    });
  });

  test("with a token server lets in whom that one lets in", async () => {
    const certificate = await ca.issue();
    const server: TokenServerOptions = {
      signer: certificate,
      tls: certificate,
      login: { ...basicLogin, refreshToken: "a refresh token" },
      isPublic: (name) => name === "acme/open",
    };
    await using tokens = await startTokenServer(server);
    const auth = { realm: tokens.realm, rootCertificate: ca.certificatePem };
    await using registry = await start(kind, { tls: certificate, auth });
    const read = async (image: string, entry?: object) => {
      const logins = entry && { logins: loginsOf(registry.host, entry) };
      using client = openClient([registry], { route: trusted(), ...logins });
      const reading = client.readManifest(referenceTo(registry, image), always);
      const outcome = await reading.then(
        ({ digest }) => digest,
        async () => (await failureOf(reading)).code,
      );
      return [outcome, ...client.refusedLogins().map(({ code }) => code)];
    };
    expect(await read("acme/open:1")).toEqual([image.digest]);
    expect(await read("acme/base:1")).toEqual(["registry-login-required"]);
    expect(await read("acme/base:1", login)).toEqual([image.digest]);
    expect(await read("acme/base:1", { identitytoken: "a refresh token" })).toEqual([image.digest]);
    expect(await read("acme/open:1", wrongLogin)).toEqual([image.digest, "registry-login-refused"]);
    expect(await read("acme/base:1", wrongLogin)).toEqual(["registry-login-refused", "registry-login-refused"]);
    expect(await read("acme/open:1", { registrytoken: "x.y.z" })).toEqual([image.digest, "registry-login-refused"]);
  });

  test("lists 3,000 tags in less than a second", async () => {
    await using registry = await start(kind, { tls: await ca.issue() });
    using client = openClient([registry], { route: trusted() });
    const started = performance.now();
    const { tags, isCut } = await client.listTags(referenceTo(registry, "acme/many:1"), always);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect([tags, isCut]).toEqual([["0", ...manyTags], false]);
  });
});

test("a layer of 250 MB is verified, and not held in memory", async () => {
  await using registry = await start("v3");
  using client = openClient([registry]);
  const held = () => process.memoryUsage().arrayBuffers;
  const before = held();
  let [bytes, most] = [0, 0];
  for await (const part of await client.openBlob(referenceTo(registry, "acme/base:1"), hugeBlob, always)) {
    bytes += (part as Buffer).length;
    most = Math.max(most, held() - before);
  }
  expect(bytes).toBe(hugeBlob.size);
  expect(most).toBeLessThan(150e6);
});

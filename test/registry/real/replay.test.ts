import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parseChallenges } from "../../../src/registry/challenge.ts";
import { createAuthority } from "../../../testing/certificates/certificates.ts";
import { imageContent, indexContent, sha256Of } from "../../../testing/registry/image-content.ts";
import { pushImage } from "../../../testing/registry/push-image.ts";
import { basicLogin, type RegistryKind, startRealRegistry } from "../../../testing/registry/real-registry.ts";
import { type RegistryOptions, startRegistry } from "../../../testing/registry/registry.ts";
import { registryLogin } from "../../../testing/registry/registry-gate.ts";
import { startTokenServer } from "../../../testing/registry/token-server.ts";

const programs = inject("registries");
const storage = mkdtempSync(join(tmpdir(), "registrar-storage-"));
const layer = Buffer.from("a layer");
const image = imageContent({ layers: [layer] });
const index = indexContent([image, imageContent({ architecture: "arm64" })], { isAttested: true });
const pushes = [
  ["1", image],
  ["multi", index],
  ["3.9", image],
  ["3.10", image],
] as const;

const all =
  "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
const noDigest = `sha256:${"0".repeat(64)}`;

interface Request {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const manifest = (name: string, accept = all, method = "GET"): Request => {
  return { method, path: `/v2/acme/base/manifests/${name}`, headers: { accept } };
};

/** What a client that only reads may ask. Answers on which the real ones differ are left out, or are in `paged`. */
const requests: readonly Request[] = [
  { path: "/v2/" },
  { path: "/nothing" },
  ...["1", "multi", image.digest, index.digest, "nope", noDigest].flatMap((name) => [
    manifest(name),
    manifest(name, all, "HEAD"),
  ]),
  // To both, an OCI image is missing for a client that does not name its type.
  manifest("1", "application/vnd.docker.distribution.manifest.v2+json"),
  { path: "/v2/acme/base/manifests/1" },
  manifest("-bad"),
  { path: "/v2/acme/none/manifests/1", headers: { accept: all } },
  { path: "/v2/acme/Base/manifests/1", headers: { accept: all } },
  { path: "/v2/acme/none/tags/list" },
  { method: "PATCH", path: "/v2/acme/base/manifests/1" },
  { path: `/v2/acme/base/blobs/${sha256Of(layer)}` },
  { method: "HEAD", path: `/v2/acme/base/blobs/${sha256Of(layer)}` },
  { path: `/v2/acme/base/blobs/${sha256Of(layer)}`, headers: { range: "bytes=2-4" } },
  { path: `/v2/acme/base/blobs/${noDigest}` },
];

const paged: readonly Request[] = ["", "?n=2", "?n=2&last=3.10", "?n=1000"].map((query) => {
  return { path: `/v2/acme/base/tags/list${query}` };
});

/** What matters of an answer. */
async function answerOf(url: string, { method = "GET", path, headers = {} }: Request) {
  const response = await fetch(`${url}${path}`, { method, headers });
  const body = await response.text();
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  const [challenge] = parseChallenges(response.headers.get("www-authenticate") ?? "");
  const kept = ["docker-content-digest", "docker-distribution-api-version", "link", "content-range", "etag"];
  return {
    request: `${method} ${path}`,
    status: response.status,
    type,
    headers: kept.map((name) => response.headers.get(name)),
    challenge: challenge && { ...challenge.parameters, realm: "", scheme: challenge.scheme },
    length: response.ok ? response.headers.get("content-length") : "",
    body: response.ok ? sha256Of(Buffer.from(body)) : /"code":"(\w+)","message":"([^"]*)"/.exec(body)?.slice(1),
  };
}

const answersOf = async (url: string, asked: readonly Request[]) => {
  const answers = [];
  for (const request of asked) answers.push(await answerOf(url, request));
  return answers;
};

/** Both hold the same. */
async function startBoth(
  kind: RegistryKind,
  options: RegistryOptions,
  auth?: Parameters<typeof startRealRegistry>[1]["auth"],
) {
  const real = await startRealRegistry(kind, { programs, storage, ...(auth && { auth }) });
  const standIn = await startRegistry({ isUnpaged: kind === "2.8", ...options });
  for (const [tag, content] of pushes) standIn.push("acme/base", tag, content);
  standIn.push("acme/open", "1", image);
  return {
    real,
    standIn,
    [Symbol.asyncDispose]: async () => {
      await real[Symbol.asyncDispose]();
      await standIn.stop();
    },
  };
}

beforeAll(async () => {
  await using registry = await startRealRegistry("v3", { programs, storage });
  for (const [tag, content] of pushes) await pushImage(registry.url, "acme/base", tag, content);
  await pushImage(registry.url, "acme/open", "1", image);
});
afterAll(() => rmSync(storage, { recursive: true, force: true }));

describe.each<RegistryKind>(["2.8", "v3"])("the stand-in answers as registry %s", (kind) => {
  test("to requests without a login", async () => {
    await using both = await startBoth(kind, {});
    const asked = kind === "v3" ? [...requests, ...paged] : requests;
    expect(await answersOf(both.standIn.url, asked)).toEqual(await answersOf(both.real.url, asked));
  });

  test("to requests with a password", async () => {
    await using both = await startBoth(kind, { auth: "basic", login: basicLogin }, "basic");
    const basic = (password: string) => `Basic ${btoa(`${basicLogin.username}:${password}`)}`;
    const asked = ["", basic("wrong"), "Bearer x", basic(basicLogin.password)].flatMap((authorization) =>
      ["/v2/acme/base/manifests/1", "/v2/acme/none/tags/list"].map((path) => {
        return { path, headers: { accept: all, ...(authorization && { authorization }) } };
      }),
    );
    expect(await answersOf(both.standIn.url, asked)).toEqual(await answersOf(both.real.url, asked));
  });

  test("to requests with tokens", async () => {
    const ca = await createAuthority("Acme Root CA");
    await using tokens = await startTokenServer({
      signer: await ca.issue(),
      login: registryLogin,
      isPublic: (name) => name === "acme/open",
    });
    const auth = { realm: tokens.realm, rootCertificate: ca.certificatePem };
    await using both = await startBoth(kind, { auth: "token", publicRepositories: ["acme/open"] }, auth);

    /** Gets a token as a client does, and uses it. */
    const replay = async (url: string) => {
      const outcomes = [];
      for (const repository of ["acme/base", "acme/open"]) {
        const path = `/v2/${repository}/manifests/1`;
        const first = await fetch(`${url}${path}`, { headers: { accept: all } });
        const [challenge] = parseChallenges(first.headers.get("www-authenticate") ?? "");
        const { realm = "", service = "", scope = "" } = challenge?.parameters ?? {};
        const address = `${realm}?${new URLSearchParams({ service, scope })}`;
        const basic = btoa(`${registryLogin.username}:${registryLogin.password}`);
        for (const authorization of ["", `Basic ${basic}`, "Basic eDp5"]) {
          const headers: Record<string, string> = authorization ? { authorization } : {};
          const granted = await fetch(address, { headers });
          const token = granted.ok ? ((await granted.json()) as { token: string }).token : "";
          const withToken = { accept: all, authorization: `Bearer ${token || "x.y.z"}` };
          outcomes.push([granted.status, await answerOf(url, { path, headers: withToken })]);
        }
        outcomes.push(await answerOf(url, { path }));
      }
      return outcomes;
    };
    expect(await replay(both.standIn.url)).toEqual(await replay(both.real.url));
  });
});

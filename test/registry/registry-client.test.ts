import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { imageContent, indexContent, sha256Of } from "../../testing/registry/image-content.ts";
import { startRegistry } from "../../testing/registry/registry.ts";
import { always, failureOf, openClient, referenceTo } from "./clients.ts";

const amd64 = { os: "linux", architecture: "amd64" };
const arm64 = { os: "linux", architecture: "arm64" };
const layer = Buffer.from("the only layer of this image");
const image = imageContent({ layers: [layer], env: ["PATH=/usr/bin", "PYTHON_VERSION=3.12.4"] });
const armImage = imageContent({ layers: [layer], architecture: "arm64", variant: "v8" });
const index = indexContent([image, armImage], { isAttested: true });

async function startFilled(options: Parameters<typeof startRegistry>[0] = {}) {
  const registry = await startRegistry(options);
  registry.push("acme/base", "1", image);
  registry.push("acme/base", "multi", index);
  registry.push("acme/base", "arm", imageContent({ architecture: "arm64", isSchema2: true }));
  return registry;
}

describe("a manifest", () => {
  test.each(["1", `1@${image.digest}`, `multi@${image.digest}`])("%s of an image is read", async (named) => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    const reference = referenceTo(registry, `acme/base:${named}`);
    expect(await client.readManifest(reference, always)).toMatchObject({
      kind: "image",
      mediaType: image.mediaType,
      digest: image.digest,
      layers: [{ digest: sha256Of(layer), size: layer.length }],
    });
    const head = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
    expect(await client.headManifest(reference, always)).toEqual(head);
  });

  test("of an index has images without attestations, and all digests", async () => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    const read = await client.readManifest(referenceTo(registry, "acme/base:multi"), always);
    const manifests = [
      { digest: image.digest, platform: amd64 },
      { digest: armImage.digest, platform: { ...arm64, variant: "v8" } },
    ];
    expect(read).toMatchObject({ kind: "index", manifests, digests: index.children.map(({ digest }) => digest) });
    expect(read.kind === "index" && [read.manifests.length, read.digests.length]).toEqual([2, 4]);
  });

  test.each([
    ["multi", amd64, image.digest],
    ["multi", arm64, armImage.digest],
    ["multi", { ...arm64, variant: "v8" }, armImage.digest],
    ["1", amd64, image.digest],
  ])("%s for %j is chosen", async (tag, platform, digest) => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    expect(await client.readImage(referenceTo(registry, `acme/base:${tag}`), platform, always)).toMatchObject({
      digest,
    });
  });

  test.each([
    ["multi", { os: "linux", architecture: "s390x" }, "s390x, only for linux/amd64, linux/arm64/v8"],
    ["multi", { ...arm64, variant: "v9" }, "linux/arm64/v9, only for linux/amd64, linux/arm64/v8"],
    ["arm", amd64, "linux/amd64, only for linux/arm64"],
  ])("%s has nothing for %j", async (tag, platform, words) => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    const failure = await failureOf(client.readImage(referenceTo(registry, `acme/base:${tag}`), platform, always));
    expect(failure).toMatchObject({ code: "image-architecture-missing", what: expect.stringContaining(words) });
  });

  test("has a configuration", async () => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    const reference = referenceTo(registry, "acme/base:1");
    const read = await client.readImage(reference, amd64, always);
    const config = { ...amd64, env: ["PATH=/usr/bin", "PYTHON_VERSION=3.12.4"] };
    expect(await client.readConfig(reference, read, always)).toEqual(config);
    registry.fail("tampered");
    const failure = await failureOf(client.readConfig(reference, read, always));
    expect(failure).toMatchObject({ code: "image-digest-mismatch", why: expect.stringMatching(/^the configuration/) });
  });

  test("that is another one than its digest says is refused", async () => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    registry.fail("tampered");
    const failure = await failureOf(client.readManifest(referenceTo(registry, `acme/base@${image.digest}`), always));
    expect(failure).toMatchObject({ code: "image-digest-mismatch", what: expect.stringContaining(image.digest) });
  });
});

describe("what is missing", () => {
  const digest = `sha256:${"0".repeat(64)}`;

  test.each(["readManifest", "headManifest"] as const)("is told apart by %s", async (method) => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    const failure = (named: string) => failureOf(client[method](referenceTo(registry, named), always));
    expect(await failure("acme/base:mult")).toMatchObject({
      code: "image-tag-missing",
      what: `${registry.host}/acme/base has no tag mult; the nearest are multi, arm, 1`,
      why: expect.stringMatching(/^HTTP 404/),
    });
    expect(await failure("acme/bass:1")).toMatchObject({
      code: "image-repository-missing",
      why: "HTTP 404, NAME_UNKNOWN: repository name not known to registry",
    });
    expect(await failure(`acme/base@${digest}`)).toMatchObject({ code: "image-digest-missing" });
  });

  test("is a layer that a manifest names", async () => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    const blob = { mediaType: "application/octet-stream", digest, size: 3 };
    const failure = await failureOf(client.openBlob(referenceTo(registry, "acme/base:1"), blob, always));
    expect(failure).toMatchObject({ code: "image-manifest-unusable", why: `a part of it, ${digest}, is missing` });
  });
});

describe("tags", () => {
  const tags = Array.from({ length: 2_500 }, (_, number) => `3.${number}`);

  test.each([false, true])("are all read, whether the registry pages or not (%s)", async (isUnpaged) => {
    await using registry = await startRegistry({ isUnpaged });
    for (const tag of tags) registry.push("acme/base", tag, image);
    using client = openClient([registry]);
    const read = await client.listTags(referenceTo(registry, "acme/base"), always);
    expect(read).toEqual({ tags, isCut: false });
    expect(registry.calls).toHaveLength(isUnpaged ? 1 : 3);
  });

  test("of exactly 10,000 are not cut", async () => {
    await using registry = await startRegistry();
    for (let number = 0; number < 10_000; number++) registry.push("acme/base", `t${number}`, image);
    using client = openClient([registry]);
    const read = await client.listTags(referenceTo(registry, "acme/base"), always);
    expect([read.tags.length, read.isCut]).toEqual([10_000, false]);
  });

  test.each([false, true])("are cut at 10,000 (%s)", async (isUnpaged) => {
    await using registry = await startRegistry({ isUnpaged });
    for (let number = 0; number < 12_000; number++) registry.push("acme/base", `t${number}`, image);
    using client = openClient([registry]);
    const read = await client.listTags(referenceTo(registry, "acme/base"), always);
    expect([read.tags.length, read.isCut]).toEqual([10_000, true]);
    expect(registry.calls).toHaveLength(isUnpaged ? 1 : 11);
  });
});

describe("a blob", () => {
  const blob = { mediaType: "application/octet-stream", digest: sha256Of(layer), size: layer.length };

  test.each([false, true])("is streamed, from the registry or its storage (%s)", async (hasStorage) => {
    await using registry = await startFilled({ hasStorage, auth: "token", publicRepositories: ["acme/base"] });
    using client = openClient([registry]);
    const stream = await client.openBlob(referenceTo(registry, "acme/base:1"), blob, always);
    expect(await buffer(stream)).toEqual(layer);
  });

  test.each([
    ["another digest", { ...blob, size: layer.length + 1 }, /have the digest/],
    ["more bytes", { ...blob, size: layer.length }, /larger than/],
  ])("with %s fails", async (_name, expected, why) => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    registry.fail("tampered");
    const stream = await client.openBlob(referenceTo(registry, "acme/base:1"), expected, always);
    const failure = await failureOf(buffer(stream));
    expect(failure).toMatchObject({ code: "image-digest-mismatch", why: expect.stringMatching(why) });
  });

  test("is read in parts, where the registry serves parts", async () => {
    await using registry = await startFilled();
    using client = openClient([registry]);
    const reference = referenceTo(registry, "acme/base:1");
    const part = await client.openBlobRange(reference, blob, { first: 4, last: 7 }, always);
    expect(String(part && (await buffer(part)))).toBe("only");
    await using other = await startFilled({ hasStorage: true });
    using another = openClient([other]);
    const range = { first: 4, last: 7 };
    expect(await another.openBlobRange(referenceTo(other, "acme/base:1"), blob, range, always)).toBeUndefined();
  });
});

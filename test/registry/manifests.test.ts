import { describe, expect, test } from "vitest";
import { isPlatform, parseConfig, parseManifest } from "../../src/registry/manifests.ts";

const digest = `sha256:${"1".repeat(64)}`;
const descriptor = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 3 };
const amd64 = { os: "linux", architecture: "amd64" };
const oci = "application/vnd.oci.image.index.v1+json";

describe("a manifest", () => {
  test.each([
    ["its own type", { mediaType: oci }, "application/json", oci],
    ["the type of the answer", {}, `${oci}; charset=utf-8`, oci],
  ])("has %s", (_name, more, contentType, mediaType) => {
    const text = JSON.stringify({ schemaVersion: 2, manifests: [], ...more });
    expect(parseManifest(text, contentType, digest)).toMatchObject({ kind: "index", mediaType });
  });

  test.each(["foo:abcd", `sha256:${"1".repeat(63)}`, `md5:${"1".repeat(32)}`])("has no digest %s", (other) => {
    const text = JSON.stringify({ config: { ...descriptor, digest: other }, layers: [] });
    expect(() => parseManifest(text, "application/vnd.oci.image.manifest.v1+json", digest)).toThrow();
  });

  test.each<[string, object, number]>([
    ["an image", { platform: amd64 }, 1],
    ["an attestation, by its platform", { platform: { os: "unknown", architecture: "unknown" } }, 0],
    [
      "an attestation, by its annotation",
      { platform: amd64, annotations: { "vnd.docker.reference.type": "attestation-manifest" } },
      0,
    ],
    ["something without a platform", {}, 0],
    ["annotations that are none", { platform: amd64, annotations: null }, 1],
  ])("of an index with %s", (_name, more, count) => {
    const read = parseManifest(JSON.stringify({ manifests: [{ ...descriptor, ...more }] }), oci, digest);
    expect(read.kind === "index" && [read.manifests.length, read.digests]).toEqual([count, [digest]]);
  });
});

describe("a configuration", () => {
  test.each([
    ["no variables", { ...amd64 }, { ...amd64, env: [] }],
    ["null for variables", { ...amd64, config: { Env: null } }, { ...amd64, env: [] }],
    ["null for a configuration", { ...amd64, config: null }, { ...amd64, env: [] }],
    ["variables", { ...amd64, variant: "v1", config: { Env: ["A=b"] } }, { ...amd64, variant: "v1", env: ["A=b"] }],
  ])("with %s is read", (_name, json, expected) => {
    expect(parseConfig(JSON.stringify(json))).toEqual(expected);
  });

  test("without a platform is none", () => {
    expect(() => parseConfig("{}")).toThrow("no os and architecture");
  });
});

test.each([
  [{ ...amd64 }, { ...amd64 }, true],
  [{ ...amd64 }, { ...amd64, os: "windows" }, false],
  [{ ...amd64, architecture: "arm64" }, { ...amd64, architecture: "arm64", variant: "v8" }, true],
  [{ ...amd64, architecture: "arm", variant: "v7" }, { ...amd64, architecture: "arm" }, true],
  [{ ...amd64, architecture: "arm", variant: "v6" }, { ...amd64, architecture: "arm", variant: "v7" }, false],
])("%j for %j: %s", (given, wanted, expected) => {
  expect(isPlatform(given, wanted)).toBe(expected);
});

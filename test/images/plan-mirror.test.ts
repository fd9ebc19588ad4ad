import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMirrorRegistry, readMirrorTarget } from "../../src/images/mirror-target.ts";
import { planMirror } from "../../src/images/plan-mirror.ts";
import { requiredImages } from "../../src/images/required-images.ts";
import { formatImageReference } from "../../src/registry/image-reference.ts";
import { demandOf, type Given } from "./demand.ts";

/** `source → target` of each image. */
function plan(given: Given, to: string) {
  const registry = readMirrorRegistry(to);
  if (typeof registry === "string") throw new Error(registry);
  return planMirror(requiredImages(demandOf(given)).images, registry).map(({ image, source, target, isInPlace }) => ({
    role: image.role,
    source: formatImageReference(source),
    target: formatImageReference(target),
    isInPlace,
  }));
}

const digest = `sha256:${"a".repeat(64)}`;

describe("--to", () => {
  it.each([
    ["registry.example.com/union", { host: "registry.example.com", prefix: "union" }],
    ["registry.example.com", { host: "registry.example.com", prefix: "" }],
    ["registry:5000/a/b/", { host: "registry:5000", prefix: "a/b" }],
    ["localhost/a", { host: "localhost", prefix: "a" }],
  ])("%s is a place in a registry", (text, registry) => {
    expect(readMirrorTarget(text)).toEqual({ kind: "registry", registry });
  });

  it("oci:DIR is a folder", () => {
    expect(readMirrorTarget("oci:/media/stick/images")).toEqual({ kind: "layout", folder: "/media/stick/images" });
  });

  it.each([
    ["https://registry.example.com/union", "has a scheme"],
    ["oci://registry.example.com/union", "has a scheme"],
    ["union", "does not begin with a registry's host"],
    ["union/mirror", "does not begin with a registry's host"],
    ["registry.example.com/Union", "Union"],
    ["registry.example.com/union:1", ""],
    ["registry.example.com//union", ""],
    ["oci:", "names no folder"],
    ["", ""],
  ])("%j is refused", (text, words) => {
    expect(readMirrorTarget(text)).toEqual(expect.stringContaining(words));
  });
});

describe("a mirror", () => {
  it("has Union's images by name, and all others by the path of their repository", () => {
    const given = {
      appVersion: "2026.3.4",
      baseImages: ["python:3.12-slim", `quay.io/a/b/c:1@${digest}`, `quay.io/d@${digest}`],
      pythonVersions: ["3.12"],
      sdkVersion: "2.12.1",
      registrarImage: "registry.example.org/tools/image-builder-registrar:0.1.0",
    };
    const to = "registry.example.com/union";
    expect(plan(given, to).map(({ target }) => target)).toEqual([
      `${to}/build-image:2026.3.4`,
      `${to}/frontend-v2:2026.3.4`,
      `${to}/astral-sh/uv`,
      `${to}/flyteorg/flyte:py3.12-v2.12.1`,
      `${to}/library/python:3.12-slim`,
      `${to}/a/b/c:1@${digest}`,
      `${to}/d@${digest}`,
      `${to}/moby/buildkit:buildx-stable-1`,
      `${to}/docker/library/busybox:latest`,
      `${to}/tools/image-builder-registrar:0.1.0`,
    ]);
  });

  it("takes Union's images from where Union publishes them if the settings name the mirror already", () => {
    const to = "registry.example.com/union";
    expect(plan({ task: { imageNamePrefix: to } }, to)[0]).toEqual({
      role: "build-image",
      source: "public.ecr.aws/g1m2l3c1/imagebuilder-staging/build-image:2026.8.3",
      target: `${to}/build-image:2026.8.3`,
      isInPlace: false,
    });
  });

  it("leaves what its registry has in place", () => {
    const base = "registry.example.com/team/base:1";
    const found = plan({ baseImages: [base] }, "registry.example.com/union").find(({ role }) => role === "base");
    expect(found).toEqual({ role: "base", source: base, target: base, isInPlace: true });
  });

  it.each([
    [["ghcr.io/a/b:1", "quay.io/a/b:1"], "registry.example.com/union/a/b:1"],
    [["quay.io/build-image:2026.8.3"], "registry.example.com/union/build-image:2026.8.3"],
  ])("refuses images that would be one there: %j", (baseImages, target) => {
    expect(() => plan({ baseImages }, "registry.example.com/union")).toThrow(
      expect.objectContaining({ code: "mirror-targets-collide", message: expect.stringContaining(target) }),
    );
  });

  it("has images of one repository with different tags", () => {
    expect(plan({ baseImages: ["ghcr.io/a/b:1", "quay.io/a/b:2"] }, "registry.example.com/union")).toHaveLength(6);
  });

  it("is where buildkit asks for each image that it pulls: <mirror>/<path>, by the same tag and digest", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const path = fc.array(word, { minLength: 2, maxLength: 4 }).map((words) => words.join("/"));
    const tag = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
    fc.assert(
      fc.property(path, tag, fc.constantFrom("", "a", "a/b-c"), (repository, version, prefix) => {
        const to = ["mirror.example.com:5000", prefix].filter((part) => part !== "").join("/");
        const found = plan({ baseImages: [`quay.io/${repository}:${version}`] }, to).find(
          ({ role }) => role === "base",
        );
        expect(found?.target).toBe(`${to}/${repository}:${version}`);
      }),
    );
  });
});

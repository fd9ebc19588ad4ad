import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requiredImages } from "../../src/images/required-images.ts";
import { demandOf, type Given } from "./demand.ts";

const uv = "ghcr.io/astral-sh/uv";

function referencesOf(given: Given): string[] {
  return requiredImages(demandOf(given)).images.map(({ reference }) => reference);
}

function leftOutOf(given: Given): string {
  return requiredImages(demandOf(given))
    .leftOut.map(({ what, fix }) => `${what}: ${fix}`)
    .join("\n");
}

describe("the images of an appVersion", () => {
  it("are Union's, buildkit's and the one for secrets, by their defaults", () => {
    expect(referencesOf({ appVersion: "2026.8.3" })).toEqual([
      "public.ecr.aws/g1m2l3c1/imagebuilder-staging/build-image:2026.8.3",
      "public.ecr.aws/g1m2l3c1/imagebuilder-staging/frontend-v2:2026.8.3",
      "docker.io/moby/buildkit:buildx-stable-1",
      "public.ecr.aws/docker/library/busybox:latest",
    ]);
  });

  it("are where the settings have moved them", () => {
    const task = { imageNamePrefix: "registry.example.com/union", images: { frontend: "other.example.com/f:1" } };
    expect(referencesOf({ task }).slice(0, 2)).toEqual([
      "registry.example.com/union/build-image:2026.8.3",
      "other.example.com/f:1",
    ]);
  });

  it("say who pulls each, and by which value it is moved", () => {
    const { images } = requiredImages(demandOf({ appVersion: "2026.3.4", registrarImage: "a.io/registrar:1" }));
    expect(Object.fromEntries(images.map(({ role, pulledBy }) => [role, pulledBy]))).toEqual({
      "build-image": "kubelet",
      frontend: "buildkit",
      uv: "buildkit",
      buildkit: "kubelet",
      "build-secrets": "kubelet",
      registrar: "kubelet",
    });
    for (const image of images) {
      expect([image.when, image.credentials, image.movedBy].filter((text) => text.length < 10)).toEqual(
        image.when.length < 10 ? [image.when] : [],
      );
    }
  });

  it("have the SDK's default base image for each Python version", () => {
    const given = { pythonVersions: ["3.12", "3.13"], sdkVersion: "2.12.1" };
    expect(referencesOf(given)).toEqual(
      expect.arrayContaining(["ghcr.io/flyteorg/flyte:py3.12-v2.12.1", "ghcr.io/flyteorg/flyte:py3.13-v2.12.1"]),
    );
    expect(leftOutOf(given)).not.toContain("default base images");
    const { note } = requiredImages(demandOf(given)).images.find(({ role }) => role === "default-base") ?? {};
    expect(note).toContain("docker.io/library/python:3.12-slim-bookworm");
  });

  it.each([
    [{}, "Give --python (builds.pythonVersions) and --sdk-version (builds.sdkVersion)"],
    [{ pythonVersions: ["3.12"] }, "Give --sdk-version (builds.sdkVersion)"],
    [{ sdkVersion: "2.12.1" }, "Give --python (builds.pythonVersions)"],
  ])("say that the default base images are not listed: %j", (given, fix) => {
    expect(leftOutOf(given)).toContain(fix);
  });

  it("have base images in full, each once", () => {
    const baseImages = ["python:3.12-slim", "docker.io/library/python:3.12-slim", "registry:5000/a/b"];
    expect(referencesOf({ baseImages }).slice(2, -2)).toEqual([
      "docker.io/library/python:3.12-slim",
      "registry:5000/a/b:latest",
    ]);
  });

  it("have the program's own only if it is given", () => {
    expect(leftOutOf({})).toContain("--registrar-image");
    const registrarImage = "registry.example.com/union/image-builder-registrar:0.1.0";
    expect(referencesOf({ registrarImage }).at(-1)).toBe(registrarImage);
    expect(leftOutOf({ registrarImage })).not.toContain("--registrar-image");
  });
});

describe("uv's own image", () => {
  it.each(["2026.3.4", "2026.3.6", "2026.2.10", "2025.12.9"])("is listed for %s, without a tag", (appVersion) => {
    const { images, leftOut } = requiredImages(demandOf({ appVersion }));
    expect(images.find(({ role }) => role === "uv")).toMatchObject({ reference: uv, isTagKnown: false });
    expect(leftOut[0]?.what).toContain("not public");
  });

  it.each(["2026.3.7", "2026.3.10", "2026.8.3", "2026.10.0", "2027.1.0"])("is not listed for %s", (appVersion) => {
    expect(referencesOf({ appVersion })).not.toContain(uv);
  });

  it.each(["2026.3.7-rc1", "2026.10.0-rc.1", "v2026.8.3", "2026.03.7", "nightly-7", "2026.8", "2026.8.3.1"])(
    "is listed for %s, which cannot be compared for certain, and the note says so",
    (appVersion) => {
      const found = requiredImages(demandOf({ appVersion })).images.find(({ role }) => role === "uv");
      expect(found?.note).toContain(`listed because ${appVersion} cannot be compared with 2026.3.7`);
    },
  );

  it("has its tag if a person gives it as a base image", () => {
    const given = { appVersion: "2026.3.4", baseImages: [`${uv}:0.8.0`] };
    const { images, leftOut } = requiredImages(demandOf(given));
    expect(images.filter(({ reference }) => reference.startsWith(uv))).toMatchObject([
      { role: "uv", reference: `${uv}:0.8.0`, isTagKnown: true },
    ]);
    expect(leftOut.some(({ what }) => what.includes(uv))).toBe(false);
  });

  it("is listed exactly before 2026.3.7, compared as numbers", () => {
    const part = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 2024, max: 2028 }), part, part, (year, month, patch) => {
        const isBefore = year * 1e4 + month * 1e2 + patch < 2026 * 1e4 + 3 * 1e2 + 7;
        expect(referencesOf({ appVersion: `${year}.${month}.${patch}` }).includes(uv)).toBe(isBefore);
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ecrRepositories } from "../../src/images/ecr-repositories.ts";
import { mirrorScript } from "../../src/images/mirror-script.ts";
import { readMirrorRegistry } from "../../src/images/mirror-target.ts";
import { movingValues } from "../../src/images/moving-values.ts";
import { planMirror } from "../../src/images/plan-mirror.ts";
import { requiredImages } from "../../src/images/required-images.ts";
import { demandOf, type Given } from "./demand.ts";

const to = "registry.example.com:5000/union";
const digest = `sha256:${"a".repeat(64)}`;

function mirrorOf(given: Given, text = to) {
  const registry = readMirrorRegistry(text);
  if (typeof registry === "string") throw new Error(registry);
  return { registry, copies: planMirror(requiredImages(demandOf(given)).images, registry) };
}

function valuesOf(given: Given, insecureHosts: readonly string[] = []) {
  const { copies, registry } = mirrorOf(given);
  const { appVersion } = demandOf(given);
  const values = movingValues(copies, registry, { appVersion, insecureHosts });
  return { ...values, own: parse(values.registrarValues), dataPlane: parse(values.dataPlaneValues) };
}

describe("the values of the image-builder-registrar chart", () => {
  it("move Union's images by their prefix, and the program's own by image.registry", () => {
    const registrarImage = "registry.example.org/tools/image-builder-registrar:0.1.0";
    expect(valuesOf({ registrarImage }).own).toEqual({
      task: { imageNamePrefix: to },
      image: { registry: `${to}/tools`, tag: "0.1.0" },
    });
  });

  it("name the program's image in full if it has another name", () => {
    const registrarImage = `registry.example.org/tools/registrar@${digest}`;
    expect(valuesOf({ registrarImage }).own.image).toEqual({
      registry: "",
      repository: `${to}/tools/registrar`,
      digest,
    });
  });

  it("name Union's images in full if a prefix alone would not find them", () => {
    const task = { images: { buildImage: "registry.example.org/b:7" } };
    expect(valuesOf({ task }).own.task).toEqual({
      images: { buildImage: `${to}/build-image:7`, frontend: `${to}/frontend-v2:2026.8.3` },
    });
  });
});

describe("the values of the data plane chart", () => {
  it("move buildkit and the image for secrets", () => {
    expect(valuesOf({}).dataPlane).toEqual({
      imageBuilder: { buildkit: { image: { repository: `${to}/moby/buildkit`, tag: "buildx-stable-1" } } },
      config: {
        core: {
          webhook: {
            embeddedSecretManagerConfig: { fileMountInitContainer: { image: `${to}/docker/library/busybox:latest` } },
          },
        },
      },
    });
  });

  it("redirect buildkit for each registry that it pulls from by names of others, and for no other", () => {
    const given = {
      appVersion: "2026.3.4",
      baseImages: ["python:3.12-slim", "quay.io/a/b:1", "registry.example.com:5000/base:1"],
      pythonVersions: ["3.12"],
      sdkVersion: "2.12.1",
    };
    const { buildkitdToml, dataPlane } = valuesOf(given);
    expect(buildkitdToml).toBe(`[registry."docker.io"]
  mirrors = ["${to}"]
[registry."ghcr.io"]
  mirrors = ["${to}"]
[registry."quay.io"]
  mirrors = ["${to}"]
`);
    expect(dataPlane.imageBuilder.buildkit.extraConfig).toBe(buildkitdToml);
  });

  it("tell buildkit of a mirror that speaks plain HTTP", () => {
    const { buildkitdToml } = valuesOf({ baseImages: ["a/b"] }, ["registry.example.com:5000"]);
    expect(buildkitdToml).toContain(`[registry."registry.example.com:5000"]\n  http = true\n`);
    expect(valuesOf({}, ["registry.example.com:5000"]).buildkitdToml).toBe("");
  });
});

describe("repositories of Amazon ECR", () => {
  it.each([
    ["123456789012.dkr.ecr.eu-central-1.amazonaws.com", "eu-central-1"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"],
    ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
    ["123456789012.dkr-ecr.us-east-1.on.aws", "us-east-1"],
  ])("of %s are created in region %s, each once", (host, region) => {
    const { copies, registry } = mirrorOf({ baseImages: ["a/b:1", "a/b:2"] }, `${host}/m`);
    const commands = ecrRepositories(copies, registry);
    expect(commands.map((command) => / --repository-name (\S+)$/.exec(command)?.[1])).toEqual([
      "m/a/b",
      "m/build-image",
      "m/docker/library/busybox",
      "m/frontend-v2",
      "m/moby/buildkit",
    ]);
    for (const command of commands) expect(command).toContain(`--region ${region} --registry-id 123456789012`);
  });

  it.each(["registry.example.com/m", "123456789012.dkr.ecr.example.com/m", "public.ecr.aws/m"])(
    "of %s are not known to be necessary",
    (text) => {
      const { copies, registry } = mirrorOf({}, text);
      expect(ecrRepositories(copies, registry)).toEqual([]);
    },
  );
});

describe("the script", () => {
  it("copies each image, and names what it does not copy", () => {
    const given = { appVersion: "2026.3.4", baseImages: [`a/b:1@${digest}`, "registry.example.com:5000/c:1"] };
    const lines = mirrorScript(mirrorOf(given).copies, ["create a"]).split("\n");
    expect(lines.filter((line) => / \|\| missing=1$|^# (?:Not|In)/.test(line))).toEqual([
      "create a || missing=1",
      `copy public.ecr.aws/g1m2l3c1/imagebuilder-staging/build-image:2026.3.4 ${to}/build-image:2026.3.4 || missing=1`,
      `copy public.ecr.aws/g1m2l3c1/imagebuilder-staging/frontend-v2:2026.3.4 ${to}/frontend-v2:2026.3.4 || missing=1`,
      expect.stringMatching(/^# Not copied: ghcr.io\/astral-sh\/uv\. /),
      `copy docker.io/a/b@${digest} ${to}/a/b:1 || missing=1`,
      "# In place: registry.example.com:5000/c:1",
      `copy docker.io/moby/buildkit:buildx-stable-1 ${to}/moby/buildkit:buildx-stable-1 || missing=1`,
      `copy public.ecr.aws/docker/library/busybox:latest ${to}/docker/library/busybox:latest || missing=1`,
    ]);
  });
});

import { describe, expect, test } from "vitest";
import { formatImageReference, parseImageReference } from "../../src/registry/image-reference.ts";
import { mirroredReference, withMirrors } from "../../src/registry/mirrored-client.ts";
import { imageContent } from "../../testing/registry/image-content.ts";
import { startRegistry } from "../../testing/registry/registry.ts";
import { always, openClient } from "./clients.ts";

const mirrors = {
  "docker.io": "mirror.test/union",
  "ghcr.io": "mirror.test:5000",
  "public.ecr.aws": "mirror.test/a/b",
};

describe("an image of a registry with a mirror", () => {
  test.each([
    ["python:3.12-slim", "mirror.test/union/library/python:3.12-slim"],
    ["docker.io/acme/base:1", "mirror.test/union/acme/base:1"],
    ["ghcr.io/flyteorg/flyte:py3.12", "mirror.test:5000/flyteorg/flyte:py3.12"],
    [`public.ecr.aws/x/y@sha256:${"0".repeat(64)}`, `mirror.test/a/b/x/y@sha256:${"0".repeat(64)}`],
    ["quay.io/acme/base:1", "quay.io/acme/base:1"],
    ["constructor.test/acme/base:1", "constructor.test/acme/base:1"],
  ])("%s is read as %s", (reference, place) => {
    expect(formatImageReference(mirroredReference(parseImageReference(reference), mirrors))).toBe(place);
  });

  test("is read there by every question", async () => {
    await using registry = await startRegistry();
    const image = imageContent({ env: ["A=1"] });
    registry.push("union/library/python", "3.12", image);
    using inner = openClient([registry]);
    const client = withMirrors(inner, { "docker.io": `${registry.host}/union` });
    const reference = parseImageReference("python:3.12");
    const platform = { os: "linux", architecture: "amd64" };
    const read = await client.readImage(reference, platform, always);
    expect(read.digest).toBe(image.digest);
    expect((await client.readManifest(reference, always)).digest).toBe(image.digest);
    expect((await client.headManifest(reference, always)).digest).toBe(image.digest);
    expect((await client.readConfig(reference, read, always)).env).toEqual(["A=1"]);
    expect((await client.listTags(reference, always)).tags).toEqual(["3.12"]);
    const [layer = read.config] = read.layers;
    const [whole, part] = [
      await client.openBlob(reference, layer, always),
      await client.openBlobRange(reference, layer, { first: 2, last: 6 }, always),
    ];
    expect(Buffer.concat(await whole.toArray()).toString()).toBe("a layer");
    expect(Buffer.concat((await part?.toArray()) ?? []).toString()).toBe("layer");
    expect(registry.calls.every(({ path }) => path.startsWith("/v2/union/library/python/"))).toBe(true);
  });
});

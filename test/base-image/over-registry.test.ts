import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { findPython } from "../../src/base-image/find-python.ts";
import { type Entry, file, packLayer } from "../../testing/base-image/layer.ts";
import { imageContent, indexContent } from "../../testing/registry/image-content.ts";
import { startRegistry } from "../../testing/registry/registry.ts";
import { always, openClient, referenceTo } from "../registry/clients.ts";

const pythonOf = (version: string) => [
  file(`usr/bin/python${version}`, randomBytes(3_000), 0o755),
  file(`usr/lib/python${version}/os.py`),
];

async function imageOf(architecture: string, layers: readonly (readonly Entry[])[]) {
  const stored = await Promise.all(layers.map((layer) => packLayer(layer, "gzip")));
  return imageContent({ architecture, layers: stored.map(({ bytes }) => Buffer.from(bytes)) });
}

/** A registry with an index of two images. */
async function startWithImages() {
  const registry = await startRegistry();
  const large = [file("model.bin", randomBytes(100_000))];
  const images = [await imageOf("amd64", [pythonOf("3.12"), large]), await imageOf("arm64", [pythonOf("3.11"), large])];
  registry.push("acme/base", "1", indexContent(images, { isAttested: true }));
  return registry;
}

it.each([
  ["amd64", "3.12"],
  ["arm64", "3.11"],
])(
  "the Python of an image for %s is %s, by the program's own client, from the layer that has it",
  async (architecture, version) => {
    await using registry = await startWithImages();
    using client = openClient([registry]);
    const question = { reference: referenceTo(registry, "acme/base:1"), platform: { os: "linux", architecture } };
    const { verdicts, bytesRead } = await findPython(client, { ...question, wanted: [version] }, always);
    expect(verdicts.get(version)).toMatchObject({ kind: "found", where: `/usr/bin/python${version}` });
    expect(bytesRead).toBeLessThan(10_000);
    expect(registry.calls.filter(({ path }) => path.includes("/blobs/"))).toHaveLength(2);
  },
);

it("a version is not missing in an image for all that is read of it, if the registry then fails", async () => {
  await using registry = await startWithImages();
  using client = openClient([registry]);
  const platform = { os: "linux", architecture: "amd64" };
  const reference = referenceTo(registry, "acme/base:1");
  const failing = {
    ...client,
    openBlob: (...[at, blob, signal]: Parameters<typeof client.openBlob>) => {
      if (blob.size > 50_000) registry.fail("tampered");
      return client.openBlob(at, blob, signal);
    },
  };
  const { verdicts, unread } = await findPython(failing, { reference, platform, wanted: ["3.11", "3.12"] }, always);
  expect(verdicts.get("3.12")).toMatchObject({ kind: "found" });
  expect(verdicts.get("3.11")).toMatchObject({ kind: "unknown" });
  expect(unread.layers).toBe(1);
});

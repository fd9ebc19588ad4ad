import { describe, expect, it } from "vitest";
import { findPython, type PythonQuestion } from "../../src/base-image/find-python.ts";
import { imagesOf } from "../../testing/base-image/images.ts";
import { packLayer } from "../../testing/base-image/layer.ts";
import { memoryRegistry } from "../../testing/base-image/memory-registry.ts";
import { placeholder } from "../../testing/base-image/parts.ts";

const reference = { host: "registry.test", repository: "base", tag: "1", digest: undefined };
const platform = { os: "linux", architecture: "amd64" };
const never = new AbortController().signal;

function ask(registry: ReturnType<typeof memoryRegistry>, question: Partial<PythonQuestion> = {}) {
  return findPython(registry, { reference, platform, wanted: ["3.12"], ...question }, never);
}

describe("the Python of an image", () => {
  it.each(imagesOf(placeholder))("$name: $verdict", async ({ env, layers, packing, wanted, verdict }) => {
    const registry = memoryRegistry(env, await Promise.all(layers.map((layer) => packLayer(layer, packing))));
    const { verdicts } = await ask(registry, { wanted: [wanted] });
    expect(verdicts.get(wanted)).toMatchObject({ kind: verdict });
  });
});

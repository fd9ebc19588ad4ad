import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { ImageReader } from "../../src/base-image/read-layers.ts";
import type { Descriptor, ImageManifest } from "../../src/registry/registry-client.ts";
import type { StoredLayer } from "./layer.ts";

/** A registry of one image, in memory. */
export interface MemoryRegistry extends ImageReader {
  /** Bytes of layers that were taken from it. */
  readonly bytesServed: number;
}

/** What opens a layer: its bytes, or a stream of them with their number. */
type Layer = StoredLayer | { mediaType: string; size: number; open(): Readable };

/**
 * A client of a registry that has one image, whatever it is asked for.
 * @param failure is thrown instead of giving a layer
 */
export function memoryRegistry(env: readonly string[], layers: readonly Layer[], failure?: Error): MemoryRegistry {
  const config: Descriptor = { mediaType: "application/vnd.oci.image.config.v1+json", digest: "sha256:0", size: 0 };
  const stored = layers.map((layer, index) => {
    const { mediaType } = layer;
    const isStream = "open" in layer;
    const size = isStream ? layer.size : layer.bytes.length;
    const digest = isStream ? `sha256:${index}` : `sha256:${createHash("sha256").update(layer.bytes).digest("hex")}`;
    const open = () => (isStream ? layer.open() : Readable.from([layer.bytes]));
    return { descriptor: { mediaType, digest, size }, open };
  });
  const image: ImageManifest = {
    kind: "image",
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: "sha256:1",
    config,
    layers: stored.map(({ descriptor }) => descriptor),
  };
  let bytesServed = 0;
  return {
    get bytesServed() {
      return bytesServed;
    },
    readImage: async () => image,
    readConfig: async () => ({ os: "linux", architecture: "amd64", env }),
    async openBlob(_reference, { digest }) {
      if (failure) throw failure;
      const found = stored.find(({ descriptor }) => descriptor.digest === digest);
      if (!found) throw new Error(`no blob ${digest}`);
      const bytes = found.open();
      bytes.on("data", (chunk: Uint8Array) => {
        bytesServed += chunk.length;
      });
      bytes.pause();
      return bytes;
    },
  };
}

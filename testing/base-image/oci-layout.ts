import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageRow } from "./image-kit.ts";
import { type Entry, packLayer } from "./layer.ts";

/** A blob of an OCI image layout. */
export interface Blob {
  mediaType: string;
  digest: string;
  size: number;
}

async function storeBlob(folder: string, mediaType: string, content: Uint8Array | object): Promise<Blob> {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
  const hash = createHash("sha256").update(bytes).digest("hex");
  // Images side by side may store the same one. The first stays: a file that is replaced cannot be linked at that moment.
  const written = join(folder, randomUUID());
  await writeFile(written, bytes);
  await link(written, join(folder, hash)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await unlink(written);
  return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
}

/**
 * Writes an image as the OCI image layout specification has it.
 * @param shared folder of the layers, many of which are in several images
 * @param packed layers that are there already
 */
export async function writeLayout(
  folder: string,
  shared: string,
  { layers, env }: ImageRow,
  packed: Map<readonly Entry[], Promise<Blob>>,
): Promise<void> {
  const blobs = join(folder, "blobs/sha256");
  await mkdir(blobs, { recursive: true });
  const stored: Blob[] = [];
  for (const layer of layers) {
    const packing =
      packed.get(layer) ?? packLayer(layer, "tar").then(({ mediaType, bytes }) => storeBlob(shared, mediaType, bytes));
    packed.set(layer, packing);
    const blob = await packing;
    const name = blob.digest.slice("sha256:".length);
    if (!stored.some(({ digest }) => digest === blob.digest)) await link(join(shared, name), join(blobs, name));
    stored.push(blob);
  }
  const rootfs = { type: "layers", diff_ids: stored.map(({ digest }) => digest) };
  const vendor = "application/vnd.oci.image";
  const config = { os: "linux", architecture: "amd64", config: { Env: env }, rootfs };
  const manifest = {
    schemaVersion: 2,
    mediaType: `${vendor}.manifest.v1+json`,
    config: await storeBlob(blobs, `${vendor}.config.v1+json`, config),
    layers: stored,
  };
  const described = await storeBlob(blobs, manifest.mediaType, manifest);
  const annotations = { "org.opencontainers.image.ref.name": "image" };
  const index = { schemaVersion: 2, manifests: [{ ...described, annotations }] };
  await writeFile(join(folder, "index.json"), JSON.stringify(index));
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { hasErrorName } from "../../findings/error-name.ts";

/** A blob that an image consists of. */
export interface LayoutBlob {
  digest: string;
  /** Whether it is a manifest or an index; else a configuration or a layer. */
  isManifest: boolean;
}

const contentSchema = z.looseObject({
  digest: z.string().regex(/^sha256:[a-f0-9]{64}$/),
  urls: z.array(z.string()).optional(),
});

/** What a manifest or an index consists of; the media types of Docker and of the OCI have the same fields. */
const manifestSchema = z.looseObject({
  manifests: z.array(contentSchema).optional(),
  config: contentSchema.optional(),
  layers: z.array(contentSchema).optional(),
});

/** A blob is missing in a layout, or is another than its name says. */
export class LayoutBroken extends Error {
  override readonly name = "LayoutBroken";
  static override [Symbol.hasInstance] = hasErrorName("LayoutBroken");
}

/** The file of a blob in a layout. */
export function blobFile(folder: string, digest: string): string {
  return join(folder, "blobs", digest.replace(":", "/"));
}

/**
 * All that an image of a layout consists of, its platforms and attestations included, each blob read and its digest computed.
 * @throws {LayoutBroken}; the signal's reason
 */
export async function verifyLayoutImage(folder: string, digest: string, signal: AbortSignal): Promise<LayoutBlob[]> {
  const found = new Map<string, LayoutBlob>();
  await verifyManifest(digest);
  return [...found.values()];

  async function verifyManifest(manifest: string): Promise<void> {
    if (found.has(manifest)) return;
    found.set(manifest, { digest: manifest, isManifest: true });
    await verifyBlob(folder, manifest, signal);
    const { manifests = [], config, layers = [] } = await parseManifest(folder, manifest);
    // A layer with addresses of its own (Windows) is not in registries either.
    for (const layer of [...(config ? [config] : []), ...layers].filter(({ urls }) => urls === undefined)) {
      if (found.has(layer.digest)) continue;
      found.set(layer.digest, { digest: layer.digest, isManifest: false });
      await verifyBlob(folder, layer.digest, signal);
    }
    for (const inner of manifests) await verifyManifest(inner.digest);
  }
}

async function verifyBlob(folder: string, digest: string, signal: AbortSignal): Promise<void> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(blobFile(folder, digest)), hash, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new LayoutBroken(`${digest} cannot be read`, { cause: error });
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (found !== digest) throw new LayoutBroken(`${digest} has another content (${found})`);
}

async function parseManifest(folder: string, digest: string): Promise<z.output<typeof manifestSchema>> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(blobFile(folder, digest), "utf8")));
  } catch (error) {
    throw new LayoutBroken(`${digest} is no manifest`, { cause: error });
  }
}

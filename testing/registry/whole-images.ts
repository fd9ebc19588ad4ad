import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifestTypes } from "../../src/registry/manifests.ts";

/** Reads a blob or a manifest by its digest; nothing if it is not there. */
type ReadContent = (digest: string, isManifest: boolean) => Promise<Uint8Array | undefined>;

interface Manifest {
  manifests?: { digest: string }[];
  config?: { digest: string };
  layers?: { digest: string }[];
}

/**
 * The digest of a tag, or of a digest, in a registry of plain HTTP; nothing if that is not there.
 * @throws if the tag is torn: it names what is not there, or what has another digest
 */
export async function wholeImageIn(url: string, repository: string, tag: string): Promise<string | undefined> {
  const get = async (path: string) => {
    const response = await fetch(`${url}/v2/${repository}/${path}`, { headers: { accept: manifestTypes } });
    return response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : undefined;
  };
  const tagged = await get(`manifests/${tag}`);
  if (!tagged) return undefined;
  const digest = sha256(tagged);
  await requireWhole(digest, (inner, isManifest) => get(`${isManifest ? "manifests" : "blobs"}/${inner}`));
  return digest;
}

/**
 * The digests of a layout's images by their references; none if there is no index yet.
 * @throws if an image is torn
 */
export async function wholeImagesOf(folder: string): Promise<Map<string, string>> {
  const read = (path: string) => {
    try {
      return readFileSync(join(folder, path));
    } catch {
      return undefined;
    }
  };
  const index = read("index.json");
  const { manifests = [] } = index ? JSON.parse(index.toString()) : {};
  const found = new Map<string, string>();
  for (const { digest, annotations } of manifests) {
    await requireWhole(digest, async (inner) => read(join("blobs", inner.replace(":", "/"))));
    found.set(annotations["org.opencontainers.image.ref.name"], digest);
  }
  return found;
}

async function requireWhole(digest: string, read: ReadContent): Promise<void> {
  const bytes = await requireContent(digest, true, read);
  const { manifests = [], config, layers = [] } = JSON.parse(Buffer.from(bytes).toString()) as Manifest;
  for (const inner of manifests) await requireWhole(inner.digest, read);
  for (const blob of [...(config ? [config] : []), ...layers]) await requireContent(blob.digest, false, read);
}

async function requireContent(digest: string, isManifest: boolean, read: ReadContent): Promise<Uint8Array> {
  const bytes = await read(digest, isManifest);
  if (!bytes) throw new Error(`torn: ${digest} is not there`);
  if (sha256(bytes) !== digest) throw new Error(`torn: ${digest} has another content`);
  return bytes;
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

import { closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Of 250 MB of zeros. */
export const hugeBlob = {
  mediaType: "application/vnd.oci.image.layer.v1.tar",
  digest: "sha256:3fe91dd05fc0c277119d6de28f7d96ada160b21db4723684880ab2b0b998f5f6",
  size: 250_000_000,
} as const;

/** Adds tags that are links to another one: 3,000 pushes would take seconds. */
export function addTags(storage: string, repository: string, existing: string, tags: readonly string[]): void {
  const folder = join(repositoryFolder(storage, repository), "_manifests/tags");
  for (const tag of tags) symlinkSync(existing, join(folder, tag));
}

/** Adds a blob of zeros, which takes no room on a disk. */
export function addHugeBlob(storage: string, repository: string): void {
  const hash = hugeBlob.digest.replace("sha256:", "");
  const folder = join(storage, "docker/registry/v2/blobs/sha256", hash.slice(0, 2), hash);
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, "data"), "w");
  ftruncateSync(file, hugeBlob.size);
  closeSync(file);
  const link = join(repositoryFolder(storage, repository), "_layers/sha256", hash);
  mkdirSync(link, { recursive: true });
  writeFileSync(join(link, "link"), hugeBlob.digest);
}

function repositoryFolder(storage: string, repository: string): string {
  return join(storage, "docker/registry/v2/repositories", repository);
}

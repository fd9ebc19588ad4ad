import { type ImageReference, readImageReference } from "./image-reference.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Mirrors by the registry that they stand for, as references name it: `ghcr.io` → `registry.example.com/union`. */
export type Mirrors = Readonly<Record<string, string>>;

/**
 * Where an image is read: from the mirror of its registry, if it has one, at the same path below it. So does buildkit with `mirrors` in
 * buildkitd.toml: `ghcr.io/a/b` is `prefix/a/b` at the mirror (buildkit 0.34.2, util/resolver).
 */
export function mirroredReference(reference: ImageReference, mirrors: Mirrors): ImageReference {
  const mirror = Object.hasOwn(mirrors, reference.host) ? mirrors[reference.host] : undefined;
  if (mirror === undefined) return reference;
  const place = readImageReference(`${mirror}/${reference.repository}`);
  if (typeof place === "string") throw new TypeError(`the mirror ${mirror} ${place}`);
  return { ...reference, host: place.host, repository: place.repository };
}

/** The same client, which reads images of registries that have a mirror from there. */
export function withMirrors(client: RegistryClient, mirrors: Mirrors): RegistryClient {
  const at = (reference: ImageReference) => mirroredReference(reference, mirrors);
  return {
    headManifest: (reference, signal) => client.headManifest(at(reference), signal),
    readManifest: (reference, signal) => client.readManifest(at(reference), signal),
    readImage: (reference, platform, signal) => client.readImage(at(reference), platform, signal),
    readConfig: (reference, image, signal) => client.readConfig(at(reference), image, signal),
    listTags: (reference, signal) => client.listTags(at(reference), signal),
    openBlob: (reference, blob, signal) => client.openBlob(at(reference), blob, signal),
    openBlobRange: (reference, blob, range, signal) => client.openBlobRange(at(reference), blob, range, signal),
    refusedLogins: client.refusedLogins,
    close: client.close,
  };
}

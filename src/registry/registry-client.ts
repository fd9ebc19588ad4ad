import type { Readable } from "node:stream";
import type { Finding } from "../findings/finding.ts";
import type { ImageReference } from "./image-reference.ts";

/** A platform of an image. */
export interface Platform {
  os: string;
  architecture: string;
  variant?: string | undefined;
}

/** A manifest, or what an index lists. */
export interface Descriptor {
  mediaType: string;
  digest: string;
  /** Bytes. */
  size: number;
  annotations?: Readonly<Record<string, string>> | undefined;
}

/** A manifest of an index that is an image of a platform; attestations are left out. */
export interface PlatformManifest extends Descriptor {
  platform: Platform;
}

/** An image of one platform. */
export interface ImageManifest {
  kind: "image";
  mediaType: string;
  digest: string;
  config: Descriptor;
  layers: readonly Descriptor[];
}

/** An image of several platforms. */
export interface ImageIndex {
  kind: "index";
  mediaType: string;
  digest: string;
  manifests: readonly PlatformManifest[];
  /** All digests that it lists, attestations too. */
  digests: readonly string[];
}

/** The configuration of an image, as far as it is used here. */
export interface ImageConfig {
  os: string;
  architecture: string;
  variant?: string | undefined;
  /** `NAME=value` */
  env: readonly string[];
}

/** Tags of a repository. */
export interface TagList {
  tags: readonly string[];
  /** Whether the registry has more than were read. */
  isCut: boolean;
}

/** What a registry says of a manifest without sending it. */
export interface ManifestHead {
  mediaType: string;
  digest: string;
  /** Bytes. */
  size: number;
}

/** Bytes of a blob, counted from 0; both ends are included, as in HTTP. */
interface ByteRange {
  first: number;
  last: number;
}

/** A read-only client of container registries, over the program's own dialing. What it throws is a RegistrarError. */
export interface RegistryClient {
  /**
   * Type, digest and size of a manifest or index. Docker Hub's limit does not count this request
   * (https://docs.docker.com/docker-hub/usage/pulls/).
   * @throws {RegistrarError} image-repository-missing, image-tag-missing, image-digest-missing, and as readManifest
   */
  headManifest(reference: ImageReference, signal: AbortSignal): Promise<ManifestHead>;
  /** The manifest or index of a reference; its digest is that of the bytes, and the reference's own if it has one. */
  readManifest(reference: ImageReference, signal: AbortSignal): Promise<ImageManifest | ImageIndex>;
  /**
   * The image for a platform.
   * @throws {RegistrarError} image-architecture-missing
   */
  readImage(reference: ImageReference, platform: Platform, signal: AbortSignal): Promise<ImageManifest>;
  readConfig(reference: ImageReference, image: ImageManifest, signal: AbortSignal): Promise<ImageConfig>;
  /** Tags of the repository, sorted. */
  listTags(reference: ImageReference, signal: AbortSignal): Promise<TagList>;
  /**
   * The bytes of a blob as they are stored, which are compressed; whoever calls this reads or destroys them. The stream fails if
   * they do not have the digest and size of the descriptor.
   */
  openBlob(reference: ImageReference, blob: Descriptor, signal: AbortSignal): Promise<Readable>;
  /** A part of a blob, which is not verified; nothing if the registry serves no parts. */
  openBlobRange(
    reference: ImageReference,
    blob: Descriptor,
    range: ByteRange,
    signal: AbortSignal,
  ): Promise<Readable | undefined>;
  /** A warning for each stored login that a registry has refused so far; what it was for may have worked anonymously. */
  refusedLogins(): readonly Finding[];
  /** Closes its connections. */
  close(): void;
}

import type { Readable } from "node:stream";
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
  /** `NAME=value` */
  env: readonly string[];
}

/** Tags of a repository. */
export interface TagList {
  tags: readonly string[];
  /** Whether the registry has more than were read. */
  isCut: boolean;
}

/** A read-only client of container registries, over the program's own dialing. What it throws is a RegistrarError. */
export interface RegistryClient {
  /** The manifest or index of a reference. */
  readManifest(reference: ImageReference, signal: AbortSignal): Promise<ImageManifest | ImageIndex>;
  /**
   * The image for a platform.
   * @throws {RegistrarError} image-architecture-missing
   */
  readImage(reference: ImageReference, platform: Platform, signal: AbortSignal): Promise<ImageManifest>;
  readConfig(reference: ImageReference, image: ImageManifest, signal: AbortSignal): Promise<ImageConfig>;
  /** Tags of the repository, sorted. */
  listTags(reference: ImageReference, signal: AbortSignal): Promise<TagList>;
  /** The bytes of a blob as they are stored, which are compressed; whoever calls this reads or destroys them. */
  openBlob(reference: ImageReference, blob: Descriptor, signal: AbortSignal): Promise<Readable>;
  /** Closes its connections. */
  close(): void;
}

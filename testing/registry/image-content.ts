import { createHash } from "node:crypto";

/** A manifest or an index, and all that it needs. */
export interface ImageContent {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly digest: string;
  /** What the manifest refers to; of an index, nothing. */
  readonly blobs: readonly Buffer[];
  /** Of an index: what it lists. */
  readonly children: readonly ImageContent[];
  readonly platform: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What an image consists of; the defaults are those of a small one for linux/amd64. */
export interface ImageRequest {
  /** Stored as they are: the caller compresses them. */
  readonly layers?: readonly Buffer[];
  readonly architecture?: string;
  readonly variant?: string;
  /** `NAME=value` */
  readonly env?: readonly string[];
  /** The program that runs in it, with its arguments. */
  readonly entrypoint?: readonly string[];
  /** Docker's schema 2 instead of OCI. */
  readonly isSchema2?: boolean;
  /** The layers are plain archives; of OCI only. */
  readonly isUncompressed?: boolean;
}

const types = {
  oci: {
    index: "application/vnd.oci.image.index.v1+json",
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
    plainLayer: "application/vnd.oci.image.layer.v1.tar",
  },
  schema2: {
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
} as const;

/** `sha256:…` of some bytes. */
export function sha256Of(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Makes an image of one platform. */
export function imageContent(request: ImageRequest = {}): ImageContent {
  const { layers = [Buffer.from("a layer")], architecture = "amd64", variant, env = [], isSchema2 = false } = request;
  const { entrypoint, isUncompressed = false } = request;
  const type = types[isSchema2 ? "schema2" : "oci"];
  const layerType = isUncompressed ? types.oci.plainLayer : type.layer;
  const platform = { os: "linux", architecture, ...(variant !== undefined && { variant }) };
  const rootfs = { type: "layers", diff_ids: layers.map(sha256Of) };
  const config = jsonOf({ ...platform, config: { Env: env, Entrypoint: entrypoint }, rootfs });
  const bytes = jsonOf({
    schemaVersion: 2,
    mediaType: type.manifest,
    config: descriptorOf(config, type.config),
    layers: layers.map((layer) => descriptorOf(layer, layerType)),
  });
  const blobs = [config, ...layers];
  return { mediaType: type.manifest, bytes, digest: sha256Of(bytes), blobs, children: [], platform };
}

/** Makes an index. With `isAttested`, each image has an attestation as BuildKit writes it (attestation-storage.md). */
export function indexContent(
  images: readonly ImageContent[],
  { isSchema2 = false, isAttested = false }: { isSchema2?: boolean; isAttested?: boolean } = {},
): ImageContent {
  const { index } = types[isSchema2 ? "schema2" : "oci"];
  const children = [...images, ...(isAttested ? images.map(attestationOf) : [])];
  const manifests = children.map(({ mediaType, bytes, platform, annotations }) => ({
    ...descriptorOf(bytes, mediaType),
    platform,
    ...(annotations && { annotations }),
  }));
  const bytes = jsonOf({ schemaVersion: 2, mediaType: index, manifests });
  const platform = { os: "unknown", architecture: "unknown" };
  return { mediaType: index, bytes, digest: sha256Of(bytes), blobs: [], children, platform };
}

function attestationOf({ digest }: ImageContent): ImageContent {
  const statement = imageContent({ layers: [Buffer.from(`{"subject":"${digest}"}`)], architecture: "unknown" });
  const annotations = { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest };
  return { ...statement, platform: { os: "unknown", architecture: "unknown" }, annotations };
}

function descriptorOf(bytes: Buffer, mediaType: string) {
  return { mediaType, digest: sha256Of(bytes), size: bytes.length };
}

function jsonOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

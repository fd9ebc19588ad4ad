import { createHash } from "node:crypto";

const indexType = "application/vnd.oci.image.index.v1+json";
const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** A manifest or a configuration. */
interface StoredBlob {
  type: string;
  digest: string;
  body: string;
}

/** The contents of a repository. */
export interface ImageStore {
  /** What has a tag or a digest. */
  find(reference: string): StoredBlob | undefined;
}

/**
 * The contents of a repository with one image for usual machines, and one for a machine that nobody has.
 * @param author buildkit keeps what it has read by its digest, so a registry that fails needs images of its own
 */
export function createImages(author = ""): ImageStore {
  const blobs = new Map<string, StoredBlob>();
  const store = (type: string, content: object) => {
    const body = JSON.stringify(content);
    const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
    blobs.set(digest, { type, digest, body });
    return { mediaType: type, digest, size: body.length };
  };
  // A layer that the registry lacks: whoever reads it fails.
  const layer = {
    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    digest: `sha256:${"1".repeat(64)}`,
    size: 1e9,
  };
  const image = (architecture: string) => {
    const rootfs = { type: "layers", diff_ids: [`sha256:${"2".repeat(64)}`] };
    const config = store("application/vnd.oci.image.config.v1+json", {
      author,
      architecture,
      os: "linux",
      config: {},
      rootfs,
    });
    return store(manifestType, { schemaVersion: 2, mediaType: manifestType, config, layers: [layer] });
  };
  const index = (...architectures: string[]) =>
    store(indexType, {
      schemaVersion: 2,
      mediaType: indexType,
      manifests: architectures.map((architecture) => {
        const descriptor = image(architecture);
        return { ...descriptor, platform: { os: "linux", architecture } };
      }),
    });
  const tags = new Map([
    ["1", index("amd64", "arm64").digest],
    ["other-machine", index("s390x").digest],
    ["other-machine-alone", image("s390x").digest],
  ]);
  return { find: (reference) => blobs.get(tags.get(reference) ?? reference) };
}

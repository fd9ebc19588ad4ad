import { buffer } from "node:stream/consumers";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { pack } from "tar-stream";

/** An entry of a layer's archive. */
export type Entry =
  | { kind: "file"; path: string; text: string | Uint8Array; mode: number }
  | { kind: "directory"; path: string }
  | { kind: "link"; path: string; target: string }
  | { kind: "hard link"; path: string; target: string };

/** How a layer is stored. */
export type Packing = keyof typeof packings;

/** Media types of the OCI image specification and of Docker's manifests of version 2. */
const packings = {
  gzip: { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", compress: gzipSync },
  zstd: { mediaType: "application/vnd.oci.image.layer.v1.tar+zstd", compress: zstdCompressSync },
  tar: { mediaType: "application/vnd.oci.image.layer.v1.tar", compress: (bytes: Buffer) => bytes },
  "docker gzip": { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", compress: gzipSync },
  "docker tar": { mediaType: "application/vnd.docker.image.rootfs.diff.tar", compress: (bytes: Buffer) => bytes },
};

/** A layer as a registry stores it. */
export interface StoredLayer {
  mediaType: string;
  bytes: Uint8Array;
}

export function file(path: string, text: string | Uint8Array = "", mode = 0o644): Entry {
  return { kind: "file", path, text, mode };
}

export function directory(path: string): Entry {
  return { kind: "directory", path };
}

export function link(path: string, target: string): Entry {
  return { kind: "link", path, target };
}

export function hardLink(path: string, target: string): Entry {
  return { kind: "hard link", path, target };
}

/** Removes a path from the layers below. */
export function whiteout(path: string): Entry {
  return file(path.replace(/([^/]*)$/, ".wh.$1"));
}

/** Removes what the layers below have in a directory. */
export function opaque(path: string): Entry {
  return file(`${path}/.wh..wh..opq`);
}

/** Packs a layer. Like other archivers, a hard link has the mode of its file, which precedes it. */
export async function packLayer(entries: readonly Entry[], packing: Packing): Promise<StoredLayer> {
  const archive = pack();
  const modes = new Map<string, number>();
  for (const entry of entries) {
    const { path: name } = entry;
    if (entry.kind === "file") {
      modes.set(name, entry.mode);
      archive.entry({ name, mode: entry.mode }, Buffer.from(entry.text));
    } else if (entry.kind === "directory") archive.entry({ name, type: "directory", mode: 0o755 });
    else if (entry.kind === "link") archive.entry({ name, type: "symlink", linkname: entry.target });
    else archive.entry({ name, type: "link", linkname: entry.target, mode: modes.get(entry.target) ?? 0o644 });
  }
  archive.finalize();
  const { mediaType, compress } = packings[packing];
  return { mediaType, bytes: compress(await buffer(archive)) };
}

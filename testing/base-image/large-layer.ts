import { createGzip, type Gzip } from "node:zlib";
import { pack } from "tar-stream";
import type { Entry } from "./layer.ts";

/** Directories and links, each with a long name, of an image with many packages. */
const packages = 20_000;

/**
 * A layer of that many bytes as it is stored and when it is unpacked: packages, large files, and the entries at its end. What
 * gzip does to it takes no time.
 */
export function largeLayer(bytes: number, last: readonly Entry[]): Gzip {
  const archive = pack();
  const block = Buffer.alloc(1_000_000, "parts of a model; ");
  const add = (header: Parameters<typeof archive.entry>[0], content = Buffer.alloc(0)) =>
    new Promise<void>((resolve, reject) => {
      archive.entry(header, content, (error) => (error ? reject(error) : resolve()));
    });
  const write = async () => {
    for (let index = 0; index < packages; index++) {
      const folder = `opt/conda/lib/python3.11/site-packages/package-${index}`;
      await add({ name: folder, type: "directory" });
      await add({ name: `${folder}/libpackage.so`, type: "symlink", linkname: "libpackage.so.1.2.3" });
    }
    for (let written = packages * 1024; written < bytes; written += block.length) {
      await add({ name: `opt/model/part-${written}` }, block);
    }
    for (const entry of last) {
      if (entry.kind === "file") await add({ name: entry.path, mode: entry.mode }, Buffer.from(entry.text));
    }
    archive.finalize();
  };
  write().catch((error: Error) => archive.destroy(error));
  return archive.pipe(createGzip({ level: 0, chunkSize: 65_536 }));
}

import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";

/** A text file of an archive. */
export interface ArchivedFile {
  name: string;
  text: string;
}

/**
 * Packs text files as a `.tgz` with one folder. The library is loaded here: few runs pack anything.
 * @param folder name of the folder that they unpack into
 */
export async function packArchive(folder: string, files: readonly ArchivedFile[], time: Date): Promise<Uint8Array> {
  const { pack } = await import("tar-stream");
  const archive = pack();
  for (const { name, text } of files) archive.entry({ name: `${folder}/${name}`, mode: 0o600, mtime: time }, text);
  archive.finalize();
  return await buffer(archive.pipe(createGzip()));
}

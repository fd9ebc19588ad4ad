import { once } from "node:events";
import { createWriteStream, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { pack } from "tar-stream";

/**
 * Packs a folder into a `.tar.gz` of which every byte follows from the names, modes and contents of its files.
 * @param below the one folder in the archive, which contains the rest
 * @param isIncluded by the path within the folder
 */
export async function archiveFolder(
  folder: string,
  archive: string,
  below: string,
  isIncluded: (path: string) => boolean,
): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createGzip({ level: constants.Z_BEST_COMPRESSION }), createWriteStream(archive));
  for (const path of filesOf(folder).filter(isIncluded)) {
    const mode = statSync(join(folder, path)).mode & 0o111 ? 0o755 : 0o644;
    const entry = tar.entry({ name: `${below}/${path}`, mode, mtime: new Date(0) }, readFileSync(join(folder, path)));
    await once(entry, "close");
  }
  tar.finalize();
  await written;
}

/** The files below a folder by their paths in it, in the order of their code units. */
function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((path) => path.slice(folder.length + 1)).sort();
}

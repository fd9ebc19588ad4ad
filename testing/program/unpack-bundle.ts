import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Unpacks a support bundle. @returns the text of each file by its name */
export async function unpackBundle(file: string): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  try {
    await execa("tar", ["-xzf", file, "-C", folder]);
    const unpacked = join(folder, "registrar-support");
    const names = await readdir(unpacked);
    const texts = names.map(async (name) => [name, await readFile(join(unpacked, name), "utf8")]);
    return Object.fromEntries(await Promise.all(texts));
  } finally {
    await rm(folder, { recursive: true });
  }
}

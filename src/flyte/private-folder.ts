import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A folder that only we can read, gone at any end of its scope (`await using`). */
export interface PrivateFolder extends AsyncDisposable {
  path: string;
  /** Writes a file that only we can read; gives its path. */
  write(name: string, content: string): Promise<string>;
}

/** Makes a private folder below `parent` (the system's folder for temporary files). */
export async function createPrivateFolder(parent: string): Promise<PrivateFolder> {
  const path = await mkdtemp(join(parent, "registrar-"));
  return {
    path,
    async write(name, content) {
      const file = join(path, name);
      await writeFile(file, content, { mode: 0o600, flag: "wx" });
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

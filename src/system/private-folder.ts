import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A folder that only this user can read; `await using` removes it at the end of its scope. */
export interface PrivateFolder extends AsyncDisposable {
  path: string;
  /** Writes a file that only this user can read. @returns its path */
  write(name: string, content: string): Promise<string>;
}

/** Where to create a private folder, and for which run. */
export interface FolderWorld {
  /** The system's folder for temporary files. */
  temporaryFolder: string;
  runId: string;
}

/** `registrar-<run>-XXXXXX`. */
const ownName = /^registrar-([\d.]+)-\w+$/;

/** Creates a private folder. */
export async function createPrivateFolder({ temporaryFolder, runId }: FolderWorld): Promise<PrivateFolder> {
  const path = await mkdtemp(join(temporaryFolder, `registrar-${runId}-`));
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

/** Removes the private folders of killed runs, which may contain a client secret. Those of other users stay. */
export async function removeLeftovers({
  temporaryFolder,
  isRunning,
}: {
  temporaryFolder: string;
  isRunning(runId: string): boolean;
}): Promise<void> {
  for (const name of await readdir(temporaryFolder)) {
    const [, runId] = ownName.exec(name) ?? [];
    if (runId === undefined || isRunning(runId)) continue;
    await rm(join(temporaryFolder, name), { recursive: true, force: true }).catch(() => {});
  }
}

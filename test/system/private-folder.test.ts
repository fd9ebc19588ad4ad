import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { createPrivateFolder, removeLeftovers } from "../../src/system/private-folder.ts";

const world = { temporaryFolder: tmpdir(), runId: "7.1" };

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test("a private folder and its files are for our eyes only, and gone at the end", async () => {
  let path = "";
  {
    await using folder = await createPrivateFolder(world);
    ({ path } = folder);
    const file = await folder.write("client-secret", "secret");
    expect(await readFile(file, "utf8")).toBe("secret");
    expect(await modeOf(path)).toBe("700");
    expect(await modeOf(file)).toBe("600");
  }
  await expect(stat(path)).rejects.toThrow("ENOENT");
});

test("two private folders are apart", async () => {
  await using one = await createPrivateFolder(world);
  await using other = await createPrivateFolder(world);
  expect(one.path).not.toBe(other.path);
});

test("a private folder never writes over a file", async () => {
  await using folder = await createPrivateFolder(world);
  await folder.write("config.yaml", "one");
  await expect(folder.write("config.yaml", "other")).rejects.toThrow("EEXIST");
});

test("a private folder is gone when what it was for failed", async () => {
  let path = "";
  const failing = async () => {
    await using folder = await createPrivateFolder(world);
    ({ path } = folder);
    await folder.write("client-secret", "secret");
    throw new Error("failed");
  };
  await expect(failing()).rejects.toThrow("failed");
  await expect(stat(path)).rejects.toThrow("ENOENT");
});

test("the folders of killed runs are removed, and nothing else", async () => {
  await using parent = await createPrivateFolder(world);
  const temporaryFolder = parent.path;
  const others = ["registrar-8.1-alive0", "registrar-settings", "registrar-x-9", "else"];
  for (const name of [...others, "registrar-9.1-killed", "registrar-7.0-before"]) {
    await mkdir(join(temporaryFolder, name));
    await writeFile(join(temporaryFolder, name, "client-secret"), "secret");
  }
  await using own = await createPrivateFolder({ temporaryFolder, runId: "7.1" });
  await removeLeftovers({ temporaryFolder, isRunning: (id) => ["7.1", "8.1"].includes(id) });
  expect((await readdir(temporaryFolder)).sort()).toEqual([...others, basename(own.path)].sort());
});

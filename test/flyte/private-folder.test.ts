import { readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { createPrivateFolder } from "../../src/flyte/private-folder.ts";

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test("a private folder and its files are for our eyes only, and gone at the end", async () => {
  let path = "";
  {
    await using folder = await createPrivateFolder(tmpdir());
    ({ path } = folder);
    const file = await folder.write("client-secret", "secret");
    expect(await readFile(file, "utf8")).toBe("secret");
    expect(await modeOf(path)).toBe("700");
    expect(await modeOf(file)).toBe("600");
  }
  await expect(stat(path)).rejects.toThrow("ENOENT");
});

test("two private folders are apart", async () => {
  await using one = await createPrivateFolder(tmpdir());
  await using other = await createPrivateFolder(tmpdir());
  expect(one.path).not.toBe(other.path);
});

test("a private folder never writes over a file", async () => {
  await using folder = await createPrivateFolder(tmpdir());
  await folder.write("config.yaml", "one");
  await expect(folder.write("config.yaml", "other")).rejects.toThrow("EEXIST");
});

test("a private folder is gone when what it was for failed", async () => {
  let path = "";
  const failing = async () => {
    await using folder = await createPrivateFolder(tmpdir());
    ({ path } = folder);
    await folder.write("client-secret", "secret");
    throw new Error("failed");
  };
  await expect(failing()).rejects.toThrow("failed");
  await expect(stat(path)).rejects.toThrow("ENOENT");
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "SECURITY.md"), "utf8");

/** The rows of its tables, without their heads. */
const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.endsWith("| held by |"));

/** The tests that a row names: a file, and one or more titles in it. */
const named = rows.flatMap((row) =>
  [...row.matchAll(/`(test\/[\w./-]+\.test\.ts)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(([, file = "", titles = ""]) =>
    Array.from(titles.matchAll(/"([^"]+)"/g), ([, title = ""]) => ({ file, title })),
  ),
);

describe("SECURITY.md", () => {
  it("names a test in each row of its tables", () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((row) => !/\| `test\/[\w./-]+\.test\.ts`: "/.test(row))).toEqual([]);
  });

  it("names only tests that exist", () => {
    expect(named.length).toBeGreaterThan(rows.length);
    const missing = named.filter(({ file, title }) => {
      const path = join(root, file);
      return !existsSync(path) || !readFileSync(path, "utf8").includes(`"${title}"`);
    });
    expect(missing).toEqual([]);
  });
});

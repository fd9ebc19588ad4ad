import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

test("every error class is recognized by its name: files of the bundle that are loaded apart have classes of their own", () => {
  const classes = globSync("src/**/*.ts", { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return Array.from(text.matchAll(/\bclass (\w+) extends \w*Error\b/g), ([, name = ""]) => ({ file, name, text }));
  });
  expect(classes.length).toBeGreaterThan(5);
  const others = classes.filter(({ name, text }) => !text.includes(`[Symbol.hasInstance] = hasErrorName("${name}")`));
  expect(others.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});

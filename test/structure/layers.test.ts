import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "../../src");

/** The modules of src/, top first. Each imports from those below it only; CONTRIBUTING.md says what each is for. */
const layers = [
  "launch.ts",
  "main.ts",
  "cli.ts",
  "commands",
  "smoke-build",
  "checks",
  "flyte",
  "cluster",
  "registration",
  "control-plane",
  "images",
  "base-image",
  "report",
  "definition",
  "settings",
  "buildkit",
  "registry",
  "package-index",
  "network",
  "system",
  "findings",
];

interface Import {
  from: string;
  to: string;
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && statSync(join(source, file)).isFile())
  .sort();

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(source, from), "utf8");
  const specifiers = text.matchAll(/(?:from |import\(|import )"(\.[^"]+\.ts)"/g);
  return Array.from(specifiers, ([, specifier = ""]) => ({
    from,
    to: relative(source, join(source, dirname(from), specifier)),
  }));
});

/** `commands` of `commands/shell/world.ts`; a file of src/ itself is a module of its own. */
function moduleOf(file: string): string {
  return file.split("/")[0] ?? "";
}

test("every module has its place among the layers", () => {
  expect([...new Set(files.map(moduleOf))].sort()).toEqual([...layers].sort());
});

test("CONTRIBUTING.md lists them in this order", () => {
  const map = readFileSync(join(source, "../CONTRIBUTING.md"), "utf8").split("\n## ")[2] ?? "";
  const rows = Array.from(map.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm), ([, cell = ""]) => cell);
  const listed = rows.flatMap((cell) => Array.from(cell.matchAll(/`([^`]+?)\/?`/g), ([, name = ""]) => name));
  expect(listed.slice(0, layers.length)).toEqual(layers);
});

test("no import runs up", () => {
  const upward = imports.filter(({ from, to }) => layers.indexOf(moduleOf(to)) < layers.indexOf(moduleOf(from)));
  expect(upward).toEqual([]);
});

test("no files import each other in a circle", () => {
  const left = new Map(files.map((file) => [file, new Set<string>()]));
  for (const { from, to } of imports) left.get(from)?.add(to);
  // Whatever imports nothing that is left is in no circle.
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const [file, targets] of left) {
      if (![...targets].some((target) => left.has(target))) left.delete(file);
    }
  }
  expect([...left.keys()]).toEqual([]);
});

test("no two files have one name", () => {
  const names = files.map((file) => basename(file));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

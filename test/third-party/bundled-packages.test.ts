import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Metafile } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundledPackages } from "../../tools/third-party/bundled-packages.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bundled-"));
  write({ LICENSE: "the text of Apache-2.0" });
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

function writePackage(name: string, license: string, files: Readonly<Record<string, string>> = {}): void {
  const folder = `node_modules/${name}`;
  const version = "1.2.3";
  write({
    [`${folder}/package.json`]: JSON.stringify({ name: name.replace(/.*node_modules\//, ""), version, license }),
  });
  for (const [file, text] of Object.entries(files)) write({ [`${folder}/${file}`]: text });
}

/** What esbuild tells of an output made of these inputs, by the bytes that it has of each. */
function metafile(bytes: Readonly<Record<string, number>>): Metafile {
  const inputs = Object.fromEntries(Object.entries(bytes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]));
  return { inputs: {}, outputs: { "dist/main.cjs": { bytes: 0, inputs, imports: [], exports: [] } } };
}

const listed = (bytes: Readonly<Record<string, number>>) => bundledPackages(root, [metafile(bytes)]);

test("packages with code in the output are listed, with their licences and notices", () => {
  writePackage("a", "MIT", { LICENSE: "MIT of a", NOTICE: "by A", "README.md": "no licence" });
  writePackage("@s/b", "ISC", { "license.md": "ISC of b" });
  expect(
    listed({ "src/main.ts": 5, "node_modules/a/x.js": 1, "node_modules/a/y.js": 2, "node_modules/@s/b/i.js": 1 }),
  ).toEqual([
    { name: "@s/b", version: "1.2.3", license: "ISC", texts: ["ISC of b"] },
    { name: "a", version: "1.2.3", license: "MIT", texts: ["MIT of a", "by A"] },
  ]);
});

test("a package of which nothing is left in the output is not", () => {
  expect(listed({ "node_modules/a/index.js": 0 })).toEqual([]);
});

test("a package within another one is listed", () => {
  writePackage("a/node_modules/c", "MIT", { UNLICENSE: "free" });
  expect(listed({ "node_modules/a/node_modules/c/index.js": 1 })).toMatchObject([{ name: "c", texts: ["free"] }]);
});

test("generated code is of the package that it is generated from, and Apache-2.0 has one text", () => {
  writePackage("@flyteorg/flyteidl2", "Apache-2.0");
  expect(listed({ "generated/flyteidl2/flyteidl2/task/task_pb.js": 1 })).toMatchObject([
    { name: "@flyteorg/flyteidl2", texts: ["the text of Apache-2.0"] },
  ]);
});

test("a second licence is taken from the source file that has it", () => {
  writePackage("@bufbuild/protobuf", "(Apache-2.0 AND BSD-3-Clause)", {
    "dist/esm/wire/varint.js": "// BSD,\n// with conditions\nexport const a = 1; // code\n",
  });
  expect(listed({ "node_modules/@bufbuild/protobuf/dist/esm/index.js": 1 })).toMatchObject([
    { texts: ["the text of Apache-2.0", "BSD,\nwith conditions\n"] },
  ]);
});

test("a package without the text of its licence is refused", () => {
  writePackage("a", "MIT");
  expect(() => listed({ "node_modules/a/index.js": 1 })).toThrow(
    "a 1.2.3 (MIT) has no file with the text of its licence",
  );
});

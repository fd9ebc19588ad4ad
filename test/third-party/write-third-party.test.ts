import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleBillFile, noticesFile, writeThirdParty } from "../../tools/third-party/write-third-party.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "third-party-"));
  mkdirSync(join(root, "dist"));
  writeFileSync(join(root, "package.json"), JSON.stringify({ version: "1.0.0" }));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A bundle with one package in it, whose licence is this one. */
function write(license: string): void {
  const folder = join(root, "node_modules/left-pad");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "left-pad", version: "1.0.0", license }));
  writeFileSync(join(folder, "LICENSE"), "the text");
  const inputs = { "node_modules/left-pad/index.js": { bytesInOutput: 1 } };
  const output = { bytes: 1, inputs, imports: [], exports: [] };
  const metafile: Metafile = { inputs: {}, outputs: { "dist/main.mjs": output } };
  writeThirdParty(root, join(root, "dist"), [metafile]);
}

test.each(["GPL-3.0-only", "MIT AND GPL-3.0-only", "SEE LICENSE IN LICENSE"])(
  "a package with licence %s ends the build",
  (license) => {
    expect(() => write(license)).toThrow(/^left-pad has licence .*, which tools\/third-party does not allow$/);
    expect(existsSync(join(root, "dist", noticesFile))).toBe(false);
  },
);

test("a package with an allowed licence is named for people and for scanners", () => {
  write("MIT");
  expect(readFileSync(join(root, "dist", noticesFile), "utf8")).toContain("left-pad 1.0.0 (MIT)");
  expect(readFileSync(join(root, "dist", bundleBillFile), "utf8")).toContain("pkg:npm/left-pad@1.0.0");
});

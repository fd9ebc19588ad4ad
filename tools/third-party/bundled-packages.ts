import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import * as z from "zod";

/** An npm package of which code is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** Complete texts: of its licences, and its notices. */
  readonly texts: readonly string[];
}

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** What is generated from a package (tools/compile-flyteidl2.ts). */
const generatedFrom: Readonly<Record<string, string>> = { "generated/flyteidl2/": "@flyteorg/flyteidl2" };

/** Packages that give a licence other than Apache-2.0 only at the beginning of a source file. */
const textsInSources: Readonly<Record<string, string>> = { "@bufbuild/protobuf": "dist/esm/wire/varint.js" };

/**
 * The packages that a bundler has put into its output, by name and version.
 * @param root folder with node_modules and our LICENSE
 * @throws {Error} if a package has no licence text
 */
export function bundledPackages(root: string, metafiles: readonly Metafile[]): BundledPackage[] {
  const outputs = metafiles.flatMap(({ outputs }) => Object.values(outputs));
  const used = outputs.flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [folderOf(path)] : [])),
  );
  const folders = new Set(used.filter((folder) => folder !== undefined));
  return [...folders].sort().map((folder) => packageIn(root, folder));
}

/** Folder of the package that an input is from, such as `node_modules/@bufbuild/protobuf`; nothing for our own code. */
function folderOf(input: string): string | undefined {
  const generated = Object.entries(generatedFrom).find(([path]) => input.startsWith(path));
  if (generated) return `node_modules/${generated[1]}`;
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function packageIn(root: string, folder: string): BundledPackage {
  const path = join(root, folder);
  const { name, version, license } = manifestSchema.parse(JSON.parse(readFileSync(join(path, "package.json"), "utf8")));
  const files = readdirSync(path).filter((file) => /^((un)?licen[cs]e|copying|notice)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(path, file), "utf8"));
  // Apache-2.0 is one text whoever gives it.
  if (texts.length === 0 && license.includes("Apache-2.0")) texts.push(readFileSync(join(root, "LICENSE"), "utf8"));
  const source = textsInSources[name];
  if (source !== undefined) texts.push(leadingComment(readFileSync(join(path, source), "utf8")));
  if (texts.length === 0) throw new Error(`${name} ${version} (${license}) has no file with the text of its licence`);
  return { name, version, license, texts };
}

/** The comment that a source file begins with, without its marks. */
function leadingComment(source: string): string {
  const comment = /^(?:\/\/.*\n)+/.exec(source)?.[0];
  if (comment === undefined) throw new Error("a source file no longer begins with its licence");
  return comment.replaceAll(/^\/\/ ?/gm, "");
}

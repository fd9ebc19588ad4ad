import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import * as z from "zod";
import type { Part } from "../third-party/bill-of-materials.ts";

/** Files of an image that say what is in it: dpkg's records and Debian's version, those of Python's packages, our own of the bundle. */
const records =
  /^(?:(?:etc|usr\/lib)\/os-release$|var\/lib\/dpkg\/(?:status$|status\.d\/)|opt\/registrar\/registrar\.cdx\.json$|.*\.dist-info\/METADATA$)/;

const manifestSchema = z.tuple([z.object({ Layers: z.array(z.string()) })]);
const bundleSchema = z.object({
  components: z.array(
    z.object({
      group: z.string().optional(),
      name: z.string(),
      version: z.string(),
      licenses: z.tuple([
        z.union([z.object({ expression: z.string() }), z.object({ license: z.object({ id: z.string() }) })]),
      ]),
    }),
  ),
});

/**
 * What an image consists of, by what it says itself, and Node.
 * @param archive as `docker save` writes it
 * @param node version of the Node in it
 * @throws {Error} if the image does not say it
 */
export async function partsOfImage(archive: string, node: string): Promise<Part[]> {
  const files = await recordsOf(archive);
  const [, system = ""] = [...files].find(([path]) => path.endsWith("/os-release")) ?? [];
  const [, debian] = /^VERSION_ID="?(\d+)"?$/m.exec(system) ?? [];
  if (debian === undefined) throw new Error(`${archive} does not say which Debian it is`);
  const parts = [...files].flatMap(([path, text]) => partsIn(path, text, debian));
  for (const kind of ["npm", "deb"] as const)
    if (!parts.some((part) => part.kind === kind)) throw new Error(`${archive} has no records of its ${kind} packages`);
  const cpe = `cpe:2.3:a:nodejs:node.js:${node}:*:*:*:*:*:*:*` as const;
  return [...parts, { kind: "generic", name: "node", version: node, license: "MIT", cpe }];
}

/**
 * The parts that one file tells of.
 * @param debian version of Debian, `13`: advisories are of one
 */
export function partsIn(path: string, text: string, debian: string): Part[] {
  if (path.endsWith(".cdx.json")) return partsOfBundle(text);
  if (path.endsWith("/METADATA")) {
    const [name, version] = [fieldOf(text, "Name"), fieldOf(text, "Version")];
    const license = /^License-Expression: (.+)$/m.exec(text)?.[1];
    return [{ kind: "pypi", name: name.toLowerCase().replaceAll(/[-_.]+/g, "-"), version, license }];
  }
  const installed = text.split(/\n\n+/).filter((record) => /^Status: install ok installed$/m.test(record));
  return installed.map((record) => {
    // Advisories name the source package, such as glibc.
    const upstream = /^Source: (\S+)/m.exec(record)?.[1];
    const qualifiers = {
      arch: fieldOf(record, "Architecture"),
      distro: `debian-${debian}`,
      ...(upstream && { upstream }),
    };
    return { kind: "deb", name: fieldOf(record, "Package"), version: fieldOf(record, "Version"), qualifiers };
  });
}

function partsOfBundle(text: string): Part[] {
  return bundleSchema.parse(JSON.parse(text)).components.map(({ group, name, version, licenses: [license] }) => ({
    kind: "npm",
    name: group === undefined ? name : `${group}/${name}`,
    version,
    license: "expression" in license ? license.expression : license.license.id,
  }));
}

/** A field of a record in the style of mail headers, which dpkg and Python share. */
function fieldOf(record: string, field: string): string {
  const value = new RegExp(`^${field}: (.+)$`, "m").exec(record)?.[1];
  if (value === undefined) throw new Error(`a record of a package has no ${field}`);
  return value;
}

async function recordsOf(archive: string): Promise<Map<string, string>> {
  const outer = await filesIn(createReadStream(archive), (name) => name === "manifest.json" || name.endsWith(".tar"));
  const [{ Layers: layers }] = manifestSchema.parse(JSON.parse(String(outer.get("manifest.json"))));
  const found = new Map<string, string>();
  for (const layer of layers) {
    const content = outer.get(layer);
    if (!content) throw new Error(`${archive} has no layer ${layer}`);
    const isCompressed = content.readUInt16BE(0) === 0x1f8b;
    const stream = Readable.from([content]);
    const files = await filesIn(isCompressed ? stream.pipe(createGunzip()) : stream, (name) => records.test(name));
    for (const [name, text] of files) found.set(name, text.toString("utf8"));
  }
  return found;
}

/** The contents of chosen files of a tar archive, by their names without `./`. */
async function filesIn(archive: Readable, isChosen: (name: string) => boolean): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for await (const entry of archive.pipe(extract())) {
    const name = entry.header.name.replace(/^\.?\//, "");
    const chunks: Buffer[] = [];
    if (entry.header.type === "file" && isChosen(name)) {
      for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
      files.set(name, Buffer.concat(chunks));
    } else entry.resume();
  }
  return files;
}

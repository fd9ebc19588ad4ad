import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { billOfMaterials } from "../third-party/bill-of-materials.ts";
import { writeChecksums } from "./checksums.ts";
import { archiveFolder } from "./folder-archive.ts";
import { partsOfImage } from "./image-parts.ts";
import { packageChart } from "./package-chart.ts";
import { type Publication, publishedDocument } from "./published-chart.ts";

/** An image as an archive, and what its bill of materials is named after: `amd64`, `flyte-arm64`. */
export interface NamedImage {
  readonly name: string;
  readonly archive: string;
}

/**
 * Makes all files that are offered for download with a version: the chart and its form as a values file, the bundle, a bill of
 * materials for each image, the changes, and checksums. The bundle is without compiled code, which is for one version of Node on
 * one processor: without it, a run starts 50 ms later.
 * @param dist folder of the bundle
 * @param output folder, which is emptied before
 * @returns the checksums
 */
export async function makeAssets(
  root: string,
  dist: string,
  output: string,
  helm: string,
  publication: Publication,
  images: readonly NamedImage[],
): Promise<string> {
  const { version, text } = publication.changes;
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  await packageChart(root, output, helm, publication);
  const bundle = `registrar-${version}`;
  await archiveFolder(dist, join(output, `${bundle}.tar.gz`), bundle, (path) => !path.endsWith(".compiled"));
  for (const { name, archive } of images) {
    const parts = await partsOfImage(archive, nodeVersion(root));
    const bill = billOfMaterials({ type: "container", name: "image-builder-registrar", version }, parts);
    writeFileSync(join(output, `image-builder-registrar-${version}-${name}.cdx.json`), bill);
  }
  const checksums = writeChecksums(output);
  // They are shown, not downloaded.
  writeFileSync(join(output, "NOTES.md"), publishedDocument(text, version, publication));
  return checksums;
}

/** The version of Node in the images. */
function nodeVersion(root: string): string {
  const { optionalDependencies }: { optionalDependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const versions = new Set(["x64", "arm64"].map((cpu) => optionalDependencies[`node-linux-${cpu}`]));
  const [version, ...others] = versions;
  if (version === undefined || others.length > 0) throw new Error("package.json has no one Node for Linux");
  return version;
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { refusedLicenses } from "./allowed-licenses.ts";
import { billOfMaterials } from "./bill-of-materials.ts";
import { bundledPackages } from "./bundled-packages.ts";
import { noticesOf } from "./notices.ts";

/** The licence texts of the packages in the bundle. */
export const noticesFile = "THIRD_PARTY_NOTICES.txt";
/** Their names and versions; scanners of an image look for files with this ending. */
export const bundleBillFile = "registrar.cdx.json";

/**
 * Writes next to the bundle whose code is in it, for people and for scanners.
 * @param root the repository
 * @param dist folder of the bundle
 * @throws {Error} if a package has a licence that is not allowed, or no licence text
 */
export function writeThirdParty(root: string, dist: string, metafiles: readonly Metafile[]): void {
  const packages = bundledPackages(root, metafiles);
  for (const { name, license } of packages) {
    const refused = refusedLicenses(license);
    if (refused.length > 0) throw new Error(`${name} has licence ${refused}, which tools/third-party does not allow`);
  }
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const whole = { type: "application", name: "image-builder-registrar", version } as const;
  const parts = packages.map(({ name, version, license }) => ({ kind: "npm", name, version, license }) as const);
  writeFileSync(join(dist, noticesFile), noticesOf(packages));
  writeFileSync(join(dist, bundleBillFile), billOfMaterials(whole, parts));
}

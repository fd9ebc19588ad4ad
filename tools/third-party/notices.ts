import type { BundledPackage } from "./bundled-packages.ts";

const line = "=".repeat(80);

/** The file that goes with the bundle: which packages are in it, and the complete texts of their licences. */
export function noticesOf(packages: readonly BundledPackage[]): string {
  const list = packages.map(({ name, version, license }) => `  ${name} ${version}: ${license}`);
  const sections = packages.map(({ name, version, license, texts }) =>
    [line, `${name} ${version} (${license})`, line, ...texts.map((text) => `\n${text.trim()}\n`)].join("\n"),
  );
  return `image-builder-registrar contains code of these packages:\n\n${list.join("\n")}\n\n${sections.join("\n")}`;
}

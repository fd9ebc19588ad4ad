import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { extraObjectsFile } from "../extra-objects.ts";
import { lintMetadata } from "./chart-lint.ts";
import { type Publication, publishedDocument, publishedMetadata, publishedValues } from "./published-chart.ts";

/** What is made of a chart. */
export interface PackagedChart {
  /** `image-builder-registrar-0.1.0.tgz` */
  readonly archive: string;
  /** The same chart as a values file for `extraObjects` of a data plane chart. */
  readonly valuesFile: string;
}

/**
 * Packages the chart for a registry. Helm writes the times of files into the archive; here they are all the same, so that the same
 * chart gives the same bytes.
 * @param root the repository
 * @param output folder for the results
 * @param helm path of Helm
 * @throws {Error} if Chart.yaml is wrong, or Helm does not take the chart
 */
export async function packageChart(
  root: string,
  output: string,
  helm: string,
  publication: Publication,
): Promise<PackagedChart> {
  const folder = mkdtempSync(join(tmpdir(), "registrar-chart-"));
  try {
    const chart = join(folder, "image-builder-registrar");
    cpSync(join(root, "chart"), chart, { recursive: true });
    const change = (file: string, changed: (text: string) => string) =>
      writeFileSync(join(chart, file), changed(readFileSync(join(chart, file), "utf8")));
    const metadata = publishedMetadata(readFileSync(join(chart, "Chart.yaml"), "utf8"), publication);
    lintMetadata(metadata);
    const { version } = parse(readFileSync(join(chart, "Chart.yaml"), "utf8"));
    change("Chart.yaml", () => stringify(metadata));
    change("values.yaml", (text) => publishedValues(text, version, publication));
    change("README.md", (text) => publishedDocument(text, version, publication));
    await execa(helm, ["lint", "--strict", chart, ...requiredValues]);
    setTimes(chart);
    await execa(helm, ["package", chart, "--destination", output]);
    const valuesFile = join(output, "values.extra-objects.yaml");
    writeFileSync(valuesFile, extraObjectsFile(chart));
    return { archive: join(output, `image-builder-registrar-${version}.tgz`), valuesFile };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The values that every site must give. */
const requiredValues = [
  "--set=appVersion=2026.3.4,clusterName=a",
  "--set=controlPlane.endpoint=dns:///a.example.com,controlPlane.org=a",
  "--set=auth.clientId=a",
];

/** Gives a folder and all below it the time 0, as the layers of our images have. */
function setTimes(path: string): void {
  if (statSync(path).isDirectory()) for (const entry of readdirSync(path)) setTimes(join(path, entry));
  utimesSync(path, 0, 0);
}

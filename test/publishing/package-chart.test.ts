import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { lintMetadata } from "../../tools/publishing/chart-lint.ts";
import { makeAssets } from "../../tools/publishing/make-assets.ts";
import { packageChart } from "../../tools/publishing/package-chart.ts";
import { type Publication, publishedMetadata, publishedValues } from "../../tools/publishing/published-chart.ts";

const root = join(import.meta.dirname, "../..");
const digest = `sha256:${"a1".repeat(32)}`;
const flyteDigest = `sha256:${"b2".repeat(32)}`;
const source = "https://github.com/acme/registrar";
const publication: Publication = {
  registry: "registry.example.com/union",
  digest,
  flyteDigest,
  platforms: ["linux/amd64"],
  source,
  changes: {
    version: "1.0.0",
    text: "- One\n",
    entries: ['One: a "change"', "[Two](docs/two.md#a) and [three](#docs/)"],
  },
};
const chartYaml = readFileSync(join(root, "chart/Chart.yaml"), "utf8");
const valuesYaml = readFileSync(join(root, "chart/values.yaml"), "utf8");
const { version }: { version: string } = parse(chartYaml);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "package-chart-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function packaged(helm: string, name: string): Promise<{ archive: string; bytes: Buffer; valuesFile: string }> {
  const output = join(folder, name);
  mkdirSync(output);
  const { archive, valuesFile } = await packageChart(root, output, helm, publication);
  return { archive, bytes: readFileSync(archive), valuesFile: readFileSync(valuesFile, "utf8") };
}

test("the same chart makes the same archive, which has the published image in its values", async () => {
  const { stdout: helm } = await execa(join(root, "tools/helm.sh"), ["4"]);
  const first = await packaged(helm, "first");
  const second = await packaged(helm, "second");
  expect(first.bytes.equals(second.bytes)).toBe(true);
  const { stdout: listed } = await execa("tar", ["--list", "--verbose", "--utc", "--file", first.archive]);
  expect(listed.split("\n").filter((line) => !line.includes("1970-01-01 00:00"))).toEqual([]);

  const { stdout } = await execa(helm, ["show", "values", first.archive]);
  expect(parse(stdout).image).toMatchObject({ defaultRegistry: "registry.example.com/union", tag: version, digest });
  const sound = [
    "appVersion=2026.3.4,clusterName=a",
    "controlPlane.endpoint=dns:///a,controlPlane.org=a",
    "auth.clientId=a",
  ];
  const sets = sound.flatMap((value) => ["--set", value]);
  const alerts = ["--set", "metrics.prometheusRule.enabled=true"];
  const rendered = await execa(helm, ["template", "a", first.archive, "--kube-version", "1.30", ...sets, ...alerts]);
  expect(rendered.stdout).toContain(
    `runbook_url: ${source}/blob/v${version}/docs/errors.md#imagebuilderregistrarjobfailed`,
  );
  expect(rendered.stdout).toContain(`image: "registry.example.com/union/image-builder-registrar:${version}@${digest}"`);
  const { stdout: readme } = await execa(helm, ["show", "readme", first.archive]);
  expect(readme).toContain(`](${source}/blob/v${version}/docs/install.md`);
  expect(readme).not.toContain("](../");
  expect(first.valuesFile).toContain(digest);
});

test("the notes of a version lead to documents of that version", async () => {
  const { stdout: helm } = await execa(join(root, "tools/helm.sh"), ["4"]);
  const [dist, output] = [join(folder, "dist"), join(folder, "output")];
  mkdirSync(dist);
  const changes = { ...publication.changes, text: "- [One](docs/one.md)\n" };
  await makeAssets(root, dist, output, helm, { ...publication, changes }, []);
  expect(readFileSync(join(output, "NOTES.md"), "utf8")).toBe(`- [One](${source}/blob/v1.0.0/docs/one.md)\n`);
});

test.each([
  { where: "with a web page", of: publication, runbookUrl: `${source}/blob/v${version}/docs/errors.md`, lines: 3 },
  { where: "without one", of: { ...publication, source: undefined }, runbookUrl: "", lines: 2 },
])("only image and runbook differ from the values in the repository $where", ({ of, runbookUrl, lines }) => {
  const values = publishedValues(valuesYaml, version, of);
  const expected = parse(valuesYaml);
  expected.image = { ...expected.image, defaultRegistry: of.registry, digest };
  expected.metrics.prometheusRule.runbookUrl = runbookUrl;
  expect(parse(values)).toEqual(expected);
  const changed = values.split("\n").filter((line, index) => line !== valuesYaml.split("\n")[index]);
  expect(changed).toHaveLength(lines);
});

test("the metadata tells Artifact Hub of images, changes and links", () => {
  const metadata = publishedMetadata(chartYaml, publication);
  expect(() => lintMetadata(metadata)).not.toThrow();
  expect(metadata).toMatchObject({ home: source, sources: [source], icon: `${source}/raw/v${version}/docs/icon.svg` });
  const annotations = metadata["annotations"] as Record<string, string>;
  const name = "image-builder-registrar";
  const image = `registry.example.com/union/${name}:${version}`;
  expect(JSON.parse(annotations["artifacthub.io/images"] ?? "")).toEqual([
    { name, image: `${image}@${digest}`, platforms: ["linux/amd64"] },
    { name: `${name}-flyte`, image: `${image}-flyte@${flyteDigest}`, platforms: ["linux/amd64"] },
  ]);
  expect(JSON.parse(annotations["artifacthub.io/changes"] ?? "")).toEqual([
    'One: a "change"',
    `[Two](${source}/blob/v${version}/docs/two.md#a) and [three](#docs/)`,
  ]);
});

test("a site without a web page of the repository has no links to one", () => {
  const metadata = publishedMetadata(chartYaml, { ...publication, source: undefined, flyteDigest: undefined });
  expect(() => lintMetadata(metadata)).not.toThrow();
  expect(JSON.stringify(metadata)).not.toMatch(/undefined|https:/);
});

test.each([
  ["mistyped annotation", { "artifacthub.io/licence": "Apache-2.0" }, "artifacthub.io/licence"],
  ["image without a digest", { "artifacthub.io/images": '[{"name":"a","image":"a:1","platforms":[]}]' }, "images"],
  ["category that does not exist", { "artifacthub.io/category": "builds" }, "category"],
  ["list of no changes", { "artifacthub.io/changes": "[]" }, "changes"],
])("a %s is refused", (_, wrong, named) => {
  const metadata = publishedMetadata(chartYaml, publication);
  const annotations = { ...(metadata["annotations"] as object), ...wrong };
  expect(() => lintMetadata({ ...metadata, annotations })).toThrow(named);
});

test("a version of chart and program that differ is refused", () => {
  const metadata = publishedMetadata(chartYaml, publication);
  expect(() => lintMetadata({ ...metadata, appVersion: "9.9.9" })).toThrow("version and appVersion differ");
});

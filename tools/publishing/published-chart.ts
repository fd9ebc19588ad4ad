// What a published chart has that the one in the repository cannot have: where it and its image are published. Pure.
import { type Document, isScalar, parse, parseDocument } from "yaml";
import type { Changes } from "./changelog.ts";

/** Where a version is published. */
export interface Publication {
  /** Registry and path, such as `registry.example.com/union`. */
  readonly registry: string;
  /** Digest of the image in it, `sha256:…`. */
  readonly digest: string;
  /** Digest of the image with the flyte CLI, if it is published too. */
  readonly flyteDigest: string | undefined;
  /** What the images run on, as they were built: `linux/amd64`. */
  readonly platforms: readonly string[];
  /** Web page of the repository, such as `https://github.com/acme/image-builder-registrar`; none for a site of its own. */
  readonly source: string | undefined;
  readonly changes: Changes;
}

const name = "image-builder-registrar";

/**
 * values.yaml whose image is the published one, and whose alerts link to the repository's web page; everything else of it, comments
 * too, stays as it is.
 */
export function publishedValues(
  valuesYaml: string,
  version: string,
  { registry, digest, source }: Publication,
): string {
  const document = parseDocument(valuesYaml);
  const values = [
    { path: ["image", "defaultRegistry"], value: registry },
    { path: ["image", "digest"], value: digest },
    ...(source === undefined
      ? []
      : [{ path: ["metrics", "prometheusRule", "runbookUrl"], value: errorsPage(source, version) }]),
  ];
  const inserted = values
    .map(({ path, value }) => ({ at: rangeOf(document, path), value }))
    .sort((a, b) => b.at[0] - a.at[0]);
  return inserted.reduce(
    (text, { at: [start, end], value }) => text.slice(0, start) + value + text.slice(end),
    valuesYaml,
  );
}

/** The web page of docs/errors.md. */
function errorsPage(source: string, version: string): string {
  return `${source}/blob/v${version}/docs/errors.md`;
}

/** Where a value stands in the text of its document. */
function rangeOf(document: Document, path: readonly string[]): readonly [number, number] {
  const node = document.getIn(path, true);
  if (!isScalar(node) || !node.range) throw new Error(`values.yaml has no ${path.join(".")}`);
  return [node.range[0], node.range[1]];
}

/** Chart.yaml with what Artifact Hub shows: https://artifacthub.io/docs/topics/annotations/helm/. */
export function publishedMetadata(chartYaml: string, publication: Publication): Record<string, unknown> {
  const { registry, digest, flyteDigest, platforms, source, changes } = publication;
  const metadata: Record<string, unknown> & { version: string; annotations: object } = parse(chartYaml);
  const { version } = metadata;
  const image = `${registry}/${name}:${version}`;
  const images = [
    { name, image: `${image}@${digest}`, platforms },
    ...(flyteDigest === undefined
      ? []
      : [{ name: `${name}-flyte`, image: `${image}-flyte@${flyteDigest}`, platforms }]),
  ];
  const linksTo = (web: string) => [
    { name: "Errors and their fixes", url: errorsPage(web, version) },
    { name: "Installation", url: `${web}/blob/v${version}/docs/install.md` },
  ];
  return {
    ...metadata,
    ...(source !== undefined && { home: source, sources: [source], icon: `${source}/raw/v${version}/docs/icon.svg` }),
    annotations: {
      ...metadata.annotations,
      "artifacthub.io/images": JSON.stringify(images),
      "artifacthub.io/changes": JSON.stringify(
        changes.entries.map((entry) => publishedDocument(entry, version, publication)),
      ),
      "artifacthub.io/prerelease": String(version.includes("-")),
      ...(source !== undefined && { "artifacthub.io/links": JSON.stringify(linksTo(source)) }),
    },
  };
}

/** A text of the chart's folder or of the changelog, whose links to other files of the repository lead to its web page. */
export function publishedDocument(markdown: string, version: string, { source }: Publication): string {
  return source === undefined
    ? markdown
    : markdown.replaceAll(/\]\((?:\.\.\/|(?=docs\/))/g, `](${source}/blob/v${version}/`);
}

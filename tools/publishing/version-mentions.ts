// package.json says the version; every other place that names it is written from there by `make generate`.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A place with the version: its files, and what stands before it. */
interface Mention {
  readonly files: string;
  readonly before: RegExp;
}

const version = /\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d+)?/;

const mentions: readonly Mention[] = [
  { files: "chart/Chart.yaml", before: /^(?:version|appVersion): / },
  { files: "chart/Chart.yaml", before: /image: image-builder-registrar:/ },
  { files: "chart/values.yaml", before: /^ {2}tag: / },
  { files: "examples/flux.yaml", before: /tag: v/ },
  { files: "examples/argo-cd.yaml", before: /targetRevision: v/ },
  { files: "{README,docs/*,chart/README}.md", before: /image-builder-registrar[:-]| {4}version: / },
  { files: "{README,docs/*}.md", before: /^image-builder-registrar / },
  { files: "{README,docs/*}.md", before: /`(?=\S+-flyte`)/ },
];

/**
 * The files that name the version, with that of package.json.
 * @param root the repository
 * @returns their texts by their paths in the repository
 */
export function withVersion(root: string): Map<string, string> {
  const { version: current }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const written = new Map<string, string>();
  for (const { files, before } of mentions) {
    const pattern = new RegExp(`(${before.source})${version.source}`, "gm");
    for (const file of globSync(files, { cwd: root })) {
      const text = written.get(file) ?? readFileSync(join(root, file), "utf8");
      written.set(file, text.replaceAll(pattern, `$1${current}`));
    }
  }
  return written;
}

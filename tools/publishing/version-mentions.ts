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
  { files: "examples/{flux,argo-cd,argo-cd-fleet}.yaml", before: /(?:tag|targetRevision): / },
  { files: "docs/embedding/dataplane.patch", before: /^\+ {2}version: / },
  { files: "{README,docs/*,docs/embedding/README,chart/README}.md", before: /registrar[:-]|--version / },
  { files: "SECURITY.md", before: /(?:download |refs\/tags\/)v|registrar:/ },
  { files: "chart/README.md", before: /Image tag: the version of the program \| `"/ },
  { files: "{README,docs/*}.md", before: /^image-builder-registrar / },
  { files: "{README,docs/*}.md", before: /`(?=\S+-flyte`)/ },
  { files: "README.md", before: /GitHub release `v/ },
];

/** The version in package.json. @param root the repository */
export function versionOf(root: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return version;
}

/**
 * The files that name the version, with the one that is given.
 * @param root the repository
 * @returns their texts by their paths in the repository
 */
export function withVersion(root: string, current = versionOf(root)): Map<string, string> {
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

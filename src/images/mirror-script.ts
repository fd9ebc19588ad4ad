import { shellQuote } from "../findings/shell-quote.ts";
import { formatImageReference, type ImageReference } from "../registry/image-reference.ts";
import type { PlannedCopy } from "./plan-mirror.ts";

/**
 * A script for any POSIX shell that copies the images of a mirror, with whichever tool is there: all platforms, digests kept.
 * Running it again copies what is missing: each tool asks for a blob before it sends it, and sends the tag last.
 * @param repositoryCommands commands that create the repositories first
 */
export function mirrorScript(copies: readonly PlannedCopy[], repositoryCommands: readonly string[]): string {
  return `#!/bin/sh
# Copies container images, all platforms, digests kept. Run it again after an interruption: what is there is not copied.
# Logins are those of the tool: skopeo login, crane auth login, regctl registry login, oras login, or docker login.
set -u
if command -v skopeo >/dev/null; then
  copy() { skopeo copy --all --preserve-digests "docker://$1" "docker://$2"; }
elif command -v crane >/dev/null; then
  copy() { crane copy "$1" "$2"; }
elif command -v regctl >/dev/null; then
  copy() { regctl image copy "$1" "$2"; }
elif command -v oras >/dev/null; then
  copy() { oras copy "$1" "$2"; }
else
  echo "Install skopeo, crane, regctl or oras." >&2
  exit 69
fi
missing=0
${[...repositoryCommands.map((command) => `${command} || missing=1`), ...copies.map(copyLine)].join("\n")}
exit $missing
`;
}

function copyLine({ source, target, image, isInPlace }: PlannedCopy): string {
  if (!image.isTagKnown) return `# Not copied: ${image.reference}. ${image.note}`;
  if (isInPlace) return `# In place: ${image.reference}`;
  const [from, to] = [byOneName(source), formatImageReference(target.tag === undefined ? target : tagOnly(target))];
  return `copy ${shellQuote(from)} ${shellQuote(to)} || missing=1`;
}

/** skopeo takes no reference with both a tag and a digest. */
function byOneName(reference: ImageReference): string {
  return formatImageReference(reference.digest === undefined ? reference : { ...reference, tag: undefined });
}

function tagOnly(reference: ImageReference): ImageReference {
  return { ...reference, digest: undefined };
}

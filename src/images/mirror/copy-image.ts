import { problem } from "../../findings/registrar-error.ts";
import { formatImageReference, type ImageReference } from "../../registry/image-reference.ts";
import type { FolderWorld } from "../../system/private-folder.ts";
import type { CopyTool } from "./copy-tools.ts";
import { LayoutBroken, verifyLayoutImage } from "./layout-blobs.ts";
import { type LayoutPlace, pullIntoLayout, pushFromLayout } from "./layout-copies.ts";
import { imagesOfLayout, type LayoutImage } from "./layout-index.ts";
import { type RegistryImages, unlessMissing } from "./registry-images.ts";
import { type CopyRunner, runCopy } from "./run-copy.ts";

/** From where to where an image is copied. */
export type Copy =
  | { way: "between registries"; source: ImageReference; target: ImageReference }
  | { way: "into a layout"; source: ImageReference; target: LayoutPlace }
  | { way: "from a layout"; source: { folder: string; image: LayoutImage }; target: ImageReference };

/** How a copy ended. */
export interface CopyOutcome {
  state: "copied" | "there" | "planned";
  digest: string;
}

/** What copying depends on. */
export interface CopyDependencies extends Omit<CopyRunner, "tool">, FolderWorld {
  registries: RegistryImages;
  /** Absent: nothing is copied, and what would be is said. */
  tool: CopyTool | undefined;
}

/**
 * Copies an image with all its platforms, unless the target has it. This program reads source and target, before and after;
 * the tool only moves bytes. What is not whole gets no name: a registry gets the tag last, and a layout after each blob has been
 * verified.
 * @throws {RegistrarError} those of the registry client, mirror-copy-failed, mirror-copy-differs, mirror-layout-broken,
 * mirror-layout-unusable; the signal's reason
 */
export async function copyImage(copy: Copy, dependencies: CopyDependencies, signal: AbortSignal): Promise<CopyOutcome> {
  const { registries, tool } = dependencies;
  const found =
    copy.way === "from a layout" ? copy.source.image.descriptor : await registries.read(copy.source, signal);
  const { digest, mediaType } = found;
  if ((await digestAtTarget(copy, registries, signal)) === digest) return { state: "there", digest };
  if (!tool) return { state: "planned", digest };
  const runner = { ...dependencies, tool };
  if (copy.way === "into a layout") {
    // Verified blob by blob, before it gets its name.
    await pullIntoLayout({ ...copy.source, tag: undefined, digest }, mediaType, copy.target, runner, signal);
    return { state: "copied", digest };
  }
  const target = tagOf(copy.target);
  const names = { image: sourceText(copy), target: formatImageReference(target) };
  if (copy.way === "from a layout") await pushFromLayout(copy.source, target, names, runner, signal);
  else await runCopy({ ...copy.source, tag: undefined, digest }, target, names, runner, signal);
  const copied = await registries.readWhole(target, signal);
  if (copied.digest !== digest)
    throw problem("mirror-copy-differs", { ...names, expected: digest, found: copied.digest, to: dependencies.to });
  return { state: "copied", digest };
}

/** Where a copy comes from, in the words of reports. */
export function sourceText(copy: Copy): string {
  return copy.way === "from a layout" ? copy.source.image.reference : formatImageReference(copy.source);
}

/** Where a copy goes to, in the words of reports. */
export function targetText(copy: Copy): string {
  return copy.way === "into a layout" ? `oci:${copy.target.folder}` : formatImageReference(copy.target);
}

/** The digest of the image that the target has, with all that belongs to it; nothing if it may have to be copied. */
async function digestAtTarget(
  copy: Copy,
  registries: RegistryImages,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (copy.way !== "into a layout") {
    return (await unlessMissing(registries.readWhole(tagOf(copy.target), signal)))?.digest;
  }
  const { folder, reference } = copy.target;
  const known = imagesOfLayout(folder).find((image) => image.reference === reference);
  if (!known) return undefined;
  try {
    await verifyLayoutImage(folder, known.descriptor.digest, signal);
    return known.descriptor.digest;
  } catch (error) {
    // What is broken is copied again.
    if (error instanceof LayoutBroken) return undefined;
    throw error;
  }
}

/** A reference with tag and digest names the tag to write; the digest is compared. */
function tagOf(reference: ImageReference): ImageReference {
  return reference.tag === undefined ? reference : { ...reference, digest: undefined };
}

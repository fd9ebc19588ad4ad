import { problem } from "../../findings/registrar-error.ts";
import type { ImageReference } from "../../registry/image-reference.ts";
import { createPrivateFolder, type FolderWorld } from "../../system/private-folder.ts";
import { LayoutBroken, verifyLayoutImage } from "./layout-blobs.ts";
import { describeManifest, linkImage, moveBlobs, toLayoutForm } from "./layout-folders.ts";
import { type LayoutImage, nameInLayout } from "./layout-index.ts";
import { type CopyNames, type CopyRunner, runCopy } from "./run-copy.ts";

/** An image of a layout, to be read or written. */
export type LayoutPlace = { folder: string } & Omit<LayoutImage, "descriptor">;

/**
 * Copies an image from a registry into a layout. It gets its name there once each of its blobs has been verified.
 * @param from with the digest
 * @throws {RegistrarError} mirror-copy-failed, mirror-layout-unusable; the signal's reason
 */
export async function pullIntoLayout(
  from: ImageReference & { digest: string },
  mediaType: string,
  { folder, reference, mirrorPath }: LayoutPlace,
  runner: CopyRunner & Pick<FolderWorld, "runId">,
  signal: AbortSignal,
): Promise<void> {
  const names: CopyNames = { image: reference, target: `oci:${folder}` };
  const { tool, runId, to } = runner;
  // In the layout itself, so that blobs are renamed and not copied.
  await using staging = await createPrivateFolder({ temporaryFolder: folder, runId });
  await runCopy(from, { folder: staging.path }, names, runner, signal);
  try {
    await toLayoutForm(staging.path, tool.folderForm, from.digest);
    const blobs = await verifyLayoutImage(staging.path, from.digest, signal);
    const descriptor = await describeManifest(staging.path, from.digest, mediaType);
    await moveBlobs(blobs, staging.path, folder);
    nameInLayout(folder, { reference, mirrorPath, descriptor });
  } catch (error) {
    if (!(error instanceof LayoutBroken)) throw error;
    throw problem("mirror-copy-failed", { ...names, tool: tool.name, to }, error);
  }
}

/**
 * Copies an image from a layout to a registry.
 * @throws {RegistrarError} mirror-layout-broken, mirror-copy-failed; the signal's reason
 */
export async function pushFromLayout(
  { folder, image }: { folder: string; image: LayoutImage },
  to: ImageReference,
  names: CopyNames,
  runner: CopyRunner & FolderWorld,
  signal: AbortSignal,
): Promise<void> {
  const { descriptor } = image;
  await using view = await createPrivateFolder(runner);
  try {
    const blobs = await verifyLayoutImage(folder, descriptor.digest, signal);
    await linkImage(view.path, runner.tool.folderForm, folder, { descriptor, blobs });
  } catch (error) {
    if (!(error instanceof LayoutBroken)) throw error;
    throw problem("mirror-layout-broken", { image: image.reference, folder }, error);
  }
  await runCopy({ folder: view.path }, to, names, runner, signal);
}

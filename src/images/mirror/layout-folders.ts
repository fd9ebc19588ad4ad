import { mkdir, readdir, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CopyTool } from "./copy-tools.ts";
import { nameInFolder } from "./copy-tools.ts";
import { blobFile, type LayoutBlob } from "./layout-blobs.ts";
import { type LayoutDescriptor, writeIndex } from "./layout-index.ts";

// A tool gets a folder with one image: tools rewrite the index of a layout each in its own way, and not at the same time.

/** The first line of `version` in a folder of skopeo's form. Source: github.com/containers/image, directory transport. */
const dirVersion = "Directory Transport Version: 1.1\n";

/** The ending of manifests in a folder of skopeo's form, but for the image's own, which is manifest.json. */
const manifestEnding = ".manifest.json";

/**
 * Turns what a tool has written into a layout's folder of blobs.
 * @param digest that of the image
 */
export async function toLayoutForm(folder: string, form: CopyTool["folderForm"], digest: string): Promise<void> {
  if (form === "oci") return;
  await mkdir(join(folder, "blobs/sha256"), { recursive: true });
  await rename(join(folder, "manifest.json"), blobFile(folder, digest));
  for (const file of await readdir(folder)) {
    const hex = file.replace(manifestEnding, "");
    if (/^[a-f0-9]{64}$/.test(hex)) await rename(join(folder, file), blobFile(folder, `sha256:${hex}`));
  }
}

/** Moves the blobs of an image from one layout to another, in the same file system; what is there stays. */
export async function moveBlobs(blobs: readonly LayoutBlob[], from: string, to: string): Promise<void> {
  await mkdir(join(to, "blobs/sha256"), { recursive: true });
  for (const { digest } of blobs) await rename(blobFile(from, digest), blobFile(to, digest));
}

/** The descriptor of an image in a layout. */
export async function describeManifest(folder: string, digest: string, mediaType: string): Promise<LayoutDescriptor> {
  return { mediaType, digest, size: (await stat(blobFile(folder, digest))).size };
}

/** Fills a folder with links to one image of a layout, in the form that a tool reads. */
export async function linkImage(
  folder: string,
  form: CopyTool["folderForm"],
  layout: string,
  { descriptor, blobs }: { descriptor: LayoutDescriptor; blobs: readonly LayoutBlob[] },
): Promise<void> {
  if (form === "oci") {
    await symlink(resolve(layout, "blobs"), join(folder, "blobs"));
    const { mediaType, digest, size } = descriptor;
    writeIndex(folder, [
      { mediaType, digest, size, annotations: { "org.opencontainers.image.ref.name": nameInFolder } },
    ]);
    return;
  }
  await writeFile(join(folder, "version"), dirVersion);
  for (const { digest, isManifest } of blobs) {
    const hex = digest.replace("sha256:", "");
    const name = digest === descriptor.digest ? "manifest.json" : `${hex}${isManifest ? manifestEnding : ""}`;
    await symlink(resolve(blobFile(layout, digest)), join(folder, name));
  }
}

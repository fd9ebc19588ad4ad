import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { blobFile, LayoutBroken, verifyLayoutImage } from "../../../src/images/mirror/layout-blobs.ts";
import { linkImage, moveBlobs, toLayoutForm } from "../../../src/images/mirror/layout-folders.ts";
import { imagesOfLayout, nameInLayout } from "../../../src/images/mirror/layout-index.ts";
import { imageContent, indexContent, sha256Of } from "../../../testing/registry/image-content.ts";
import { fillFolder } from "../../../testing/registry/layout-folder.ts";

const root = mkdtempSync(join(tmpdir(), "layout-test-"));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
const newFolder = () => mkdtempSync(join(root, `${folders++}-`));
const always = new AbortController().signal;

const layer = Buffer.from("a layer");
const image = indexContent([imageContent({ layers: [layer] }), imageContent({ architecture: "arm64" })], {
  isAttested: true,
});
const layerDigest = sha256Of(layer);

function named(reference: string, digest = image.digest) {
  return { reference, mirrorPath: "a/b", descriptor: { mediaType: image.mediaType, digest, size: 1 } };
}

describe("the index of a layout", () => {
  it("is empty where there is no folder yet", () => {
    expect(imagesOfLayout(join(root, "missing"))).toEqual([]);
  });

  it("has each image by its reference, the last one of a reference, and no half of a file", () => {
    const folder = newFolder();
    const other = `sha256:${"b".repeat(64)}`;
    for (const entry of [named("ghcr.io/a/b:1"), named("ghcr.io/a/b:2"), named("ghcr.io/a/b:1", other)])
      nameInLayout(folder, entry);
    const digests = imagesOfLayout(folder).map(({ reference, descriptor }) => [reference, descriptor.digest]);
    expect(Object.fromEntries(digests)).toEqual({ "ghcr.io/a/b:1": other, "ghcr.io/a/b:2": image.digest });
    expect(imagesOfLayout(folder)[0]?.mirrorPath).toBe("a/b");
    expect(JSON.parse(readFileSync(join(folder, "oci-layout"), "utf8"))).toEqual({ imageLayoutVersion: "1.0.0" });
    expect(readdirSync(folder).sort()).toEqual(["index.json", "oci-layout"]);
  });

  it("leaves images without a reference, which other tools have written", () => {
    const folder = newFolder();
    const manifests = [{ mediaType: image.mediaType, digest: image.digest, size: 1 }];
    writeFileSync(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
    expect(imagesOfLayout(folder)).toEqual([]);
    nameInLayout(folder, named("ghcr.io/a/b:1"));
    expect(JSON.parse(readFileSync(join(folder, "index.json"), "utf8")).manifests).toHaveLength(2);
  });

  it.each([
    "{",
    "[]",
    '{"schemaVersion":1,"manifests":[]}',
    '{"schemaVersion":2,"manifests":[{"digest":"../../etc"}]}',
  ])("that is %s is refused", (text) => {
    const folder = newFolder();
    writeFileSync(join(folder, "index.json"), text);
    expect(() => imagesOfLayout(folder)).toThrow(expect.objectContaining({ code: "mirror-layout-unusable" }));
  });
});

describe.each(["oci", "dir"] as const)("a folder in the form %s", (form) => {
  it("becomes a layout with every blob of the image", async () => {
    const folder = newFolder();
    fillFolder(folder, image, form);
    await toLayoutForm(folder, form, image.digest);
    const blobs = await verifyLayoutImage(folder, image.digest, always);
    const manifests = blobs.filter(({ isManifest }) => isManifest).map(({ digest }) => digest);
    expect(manifests.sort()).toEqual([image.digest, ...image.children.map(({ digest }) => digest)].sort());
    expect(blobs.map(({ digest }) => digest)).toContain(layerDigest);
  });

  it("is what a tool gets of one image of a layout", async () => {
    const [layout, view] = [newFolder(), newFolder()];
    fillFolder(layout, image, "oci");
    fillFolder(layout, imageContent({ layers: [Buffer.from("of another image")] }), "oci");
    const blobs = await verifyLayoutImage(layout, image.digest, always);
    const descriptor = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
    await linkImage(view, form, layout, { descriptor, blobs });
    if (form === "dir") {
      const expected = newFolder();
      fillFolder(expected, image, "dir");
      const contentOf = (folder: string) =>
        Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));
      expect(contentOf(view)).toEqual(contentOf(expected));
    } else {
      expect(await verifyLayoutImage(view, image.digest, always)).toEqual(blobs);
      expect(imagesOfLayout(view)).toMatchObject([{ reference: "image", descriptor }]);
    }
  });
});

describe("an image of a layout", () => {
  async function layoutWith(change: (folder: string) => void): Promise<string> {
    const folder = newFolder();
    fillFolder(folder, image, "oci");
    change(folder);
    return folder;
  }

  it.each([
    ["a layer is missing", (folder: string) => rmSync(blobFile(folder, layerDigest)), "cannot be read"],
    [
      "a layer is cut off",
      (folder: string) => writeFileSync(blobFile(folder, layerDigest), "a lay"),
      "another content",
    ],
    [
      "a platform's manifest is missing",
      (folder: string) => rmSync(blobFile(folder, image.children[1]?.digest ?? "")),
      "cannot be read",
    ],
    [
      "an attestation is missing",
      (folder: string) => rmSync(blobFile(folder, image.children[3]?.digest ?? "")),
      "cannot be read",
    ],
  ])("is broken if %s", async (_, change, words) => {
    const folder = await layoutWith(change);
    await expect(verifyLayoutImage(folder, image.digest, always)).rejects.toThrow(LayoutBroken);
    await expect(verifyLayoutImage(folder, image.digest, always)).rejects.toThrow(words);
  });

  it("is read no further when the run ends", async () => {
    const folder = await layoutWith(() => {});
    const reason = new Error("ended");
    await expect(verifyLayoutImage(folder, image.digest, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("keeps what it shares with another one when it is moved", async () => {
    const [from, to] = [newFolder(), newFolder()];
    fillFolder(from, image, "oci");
    fillFolder(to, image, "oci");
    await moveBlobs(await verifyLayoutImage(from, image.digest, always), from, to);
    expect(await verifyLayoutImage(to, image.digest, always)).not.toEqual([]);
  });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ImageContent, sha256Of } from "./image-content.ts";

/** Writes an image into a folder as a tool does, in the OCI image layout or in skopeo's form. */
export function fillFolder(folder: string, image: ImageContent, form: "oci" | "dir"): void {
  mkdirSync(form === "oci" ? join(folder, "blobs/sha256") : folder, { recursive: true });
  const write = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);
  const hexOf = (digest: string) => digest.replace("sha256:", "");
  const fill = (content: ImageContent, isRoot: boolean) => {
    const hex = hexOf(content.digest);
    write(form === "oci" ? `blobs/sha256/${hex}` : isRoot ? "manifest.json" : `${hex}.manifest.json`, content.bytes);
    for (const blob of content.blobs) write(`${form === "oci" ? "blobs/sha256/" : ""}${hexOf(sha256Of(blob))}`, blob);
    for (const child of content.children) fill(child, false);
  };
  if (form === "dir") write("version", Buffer.from("Directory Transport Version: 1.1\n"));
  fill(image, true);
}

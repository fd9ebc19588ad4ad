import { arch } from "node:os";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { parseImageReference } from "../../../src/registry/image-reference.ts";
import type { BuildLab } from "../../../testing/buildkit/real-build/build-lab.ts";
import { always, openClient } from "../../registry/clients.ts";

/** An image that was built, as it is pulled back. */
export interface PulledImage {
  digest: string;
  /** `NAME=value` */
  env: readonly string[];
  /** The lowest layer is that of the lab's base. */
  isOnBase: boolean;
  /** The archives of the layers above it: names and contents. */
  added: readonly string[];
}

/** Pulls an image of the lab's registry by the project's own client, which verifies every digest. */
export async function pullImage({ registry, build }: BuildLab, image: string): Promise<PulledImage> {
  using client = openClient([registry]);
  const platform = { os: "linux", architecture: arch() === "x64" ? "amd64" : arch() };
  const reference = parseImageReference(image);
  const base = await client.readImage(parseImageReference(build.baseImage), platform, always);
  const manifest = await client.readImage(reference, platform, always);
  const { env } = await client.readConfig(reference, manifest, always);
  const [lowest, ...others] = manifest.layers;
  const added: string[] = [];
  for (const layer of others) {
    const blob = await client.openBlob(reference, layer, always);
    added.push(await text(blob.pipe(createGunzip())));
  }
  return { digest: manifest.digest, env, isOnBase: lowest?.digest === base.layers[0]?.digest, added };
}

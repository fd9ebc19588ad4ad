import { rm } from "node:fs/promises";
import { join } from "node:path";
import { nameInLayout } from "../../src/images/mirror/layout-index.ts";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { imageContent, sha256Of } from "../../testing/registry/image-content.ts";
import { fillFolder } from "../../testing/registry/layout-folder.ts";
import type { Fault } from "./fault.ts";

const image = imageContent();
/** Where the image of the folder is to be in the mirror. */
const path = "m/a/b";

/** From a folder with one image, as from a stick, into the world's registry. */
const fromFolder = (world: HealthyWorld) =>
  ["images", "mirror", "--from", `oci:${world.path("images")}`, "--to", `${world.registry.host}/m`] as const;

/** The folder, and a program with the name of crane, which does this in place of a copy. */
const withCrane = (script: string) => async (world: HealthyWorld) => {
  const folder = world.path("images");
  fillFolder(folder, image, "oci");
  const descriptor = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
  nameInLayout(folder, { reference: "ghcr.io/a/b:1", mirrorPath: "a/b", descriptor });
  await world.write("crane", `#!/bin/sh\n[ "$1" = version ] && exit 0\n${script}\n`, 0o755);
  world.environment["PATH"] = world.path(".");
};

/** What only a copy of images can show. */
export const mirrorFaults: readonly Fault[] = [
  {
    fault: "no tool that copies images is installed",
    code: "mirror-tool-missing",
    command: fromFolder,
    inject: async (world) => {
      await withCrane("exit 0")(world);
      world.environment["PATH"] = "/nonexistent";
    },
  },
  {
    fault: "the login of the tool may not write",
    code: "mirror-copy-failed",
    command: fromFolder,
    inject: withCrane("echo 'DENIED: requested access to the resource is denied' >&2; exit 1"),
  },
  {
    fault: "something else has written the target",
    code: "mirror-copy-differs",
    command: fromFolder,
    inject: async (world) => {
      world.registry.push(path, "1", imageContent({ architecture: "arm64" }));
      await withCrane("exit 0")(world);
    },
  },
  {
    fault: "the tool copies nothing, and reports success",
    code: "image-repository-missing",
    command: fromFolder,
    inject: withCrane("exit 0"),
  },
  {
    fault: "a file of the folder is gone",
    code: "mirror-layout-broken",
    command: fromFolder,
    inject: async (world) => {
      await withCrane("exit 0")(world);
      const [config = image.bytes] = image.blobs;
      await rm(join(world.path("images"), "blobs", sha256Of(config).replace(":", "/")));
    },
  },
  {
    fault: "the folder is not there",
    code: "mirror-layout-unusable",
    command: fromFolder,
  },
  {
    fault: "two base images have the same name in the mirror",
    code: "mirror-targets-collide",
    command: ({ registry: { host } }) => {
      const both = ["--base-image", "ghcr.io/acme/python:1", "--base-image", "docker.io/acme/python:1"];
      return ["images", "mirror", "--to", `${host}/m`, ...both];
    },
  },
];

import { directory, type Entry, file, link, packLayer } from "../../testing/base-image/layer.ts";
import { placeholder, placeholderPython } from "../../testing/base-image/parts.ts";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { imageContent, indexContent } from "../../testing/registry/image-content.ts";
import type { Fault } from "./fault.ts";
import { basePath, officialPython, pushBaseImage, setBaseImage, startBaseRegistry, withoutBuildkit } from "./worlds.ts";

/** What a registry does not show this program may be right for builds, so it is a warning. */
const seenFromHere = { severity: "warning", world: withoutBuildkit } as const;

/** Users build on this image of the world's registry, which is not there. */
const baseImage = (reference: string) => (world: HealthyWorld) =>
  setBaseImage(world, `${world.registry.host}/${reference}`);

/** Users build on an image with these layers; builds ask for 3.12. */
const baseImageOf =
  (entries: readonly Entry[], path = "/usr/bin") =>
  async (world: HealthyWorld) => {
    const { bytes } = await packLayer([directory("usr"), directory("usr/bin"), ...entries], "gzip");
    pushBaseImage(world, { env: [`PATH=${path}`], layers: [Buffer.from(bytes)] });
  };

/** Images in registries, and the Pythons of base images. */
export const baseImageFaults: readonly Fault[] = [
  {
    fault: "builds ask for another Python than the image has",
    code: "python-not-found",
    inject: (world) => pushBaseImage(world, { env: ["PATH=/usr/local/bin", "PYTHON_VERSION=3.11.9"] }),
  },
  {
    fault: "the image has no Python",
    code: "python-not-found",
    inject: baseImageOf([file("usr/bin/perl", "", 0o755)]),
  },
  {
    fault: "its Python is not in PATH",
    code: "python-not-found",
    inject: baseImageOf(placeholderPython, "/opt/conda/bin"),
  },
  {
    fault: "its Python is only in a virtual environment",
    code: "python-only-in-venv",
    severity: "warning",
    inject: baseImageOf(
      [
        file("opt/py/bin/python3.12", placeholder.program, 0o755),
        ...placeholder.library("opt/py"),
        link("opt/venv/bin/python", "/opt/py/bin/python3.12"),
        file("opt/venv/pyvenv.cfg", "home = /opt/py/bin\nversion_info = 3.12.4\n"),
      ],
      "/opt/venv/bin",
    ),
  },
  {
    fault: "its Python is a script of pyenv",
    code: "python-unknown",
    severity: "warning",
    inject: baseImageOf([file("root/.pyenv/shims/python3.12", "#!/bin/sh\n", 0o755)], "/root/.pyenv/shims"),
  },
  {
    fault: "the name of the image has capital letters",
    code: "image-reference-malformed",
    inject: baseImage("Base/python:3.12"),
  },
  {
    fault: "the repository does not exist",
    code: "image-repository-missing",
    ...seenFromHere,
    inject: baseImage("base/pyhton:3.12"),
  },
  {
    fault: "the tag does not exist",
    code: "image-tag-missing",
    ...seenFromHere,
    inject: (world) => {
      setBaseImage(world);
      baseImage(`${basePath}:3.12-slim`)(world);
    },
  },
  {
    fault: "the digest does not exist",
    code: "image-digest-missing",
    ...seenFromHere,
    inject: (world) => {
      setBaseImage(world);
      baseImage(`${basePath}@sha256:${"0".repeat(64)}`)(world);
    },
  },
  {
    fault: "an index has no image for buildkit's machine",
    code: "image-architecture-missing",
    inject: (world) => {
      setBaseImage(world);
      const other = imageContent({ env: officialPython, architecture: "arm64" });
      world.registry.push(basePath, "3.12", indexContent([other]));
    },
  },
  {
    fault: "an image without an index, which buildkit takes, is for another machine",
    code: "image-architecture-missing",
    inject: (world) => pushBaseImage(world, { env: officialPython, architecture: "arm64" }),
  },
  {
    fault: "an index lists another index",
    code: "image-manifest-unusable",
    ...seenFromHere,
    inject: (world) => {
      setBaseImage(world);
      const inner = indexContent([imageContent({ env: officialPython })]);
      const platform = { os: "linux", architecture: "amd64" };
      world.registry.push(basePath, "3.12", indexContent([{ ...inner, platform }]));
    },
  },
  {
    fault: "a proxy changes manifests",
    code: "image-digest-mismatch",
    ...seenFromHere,
    inject: async (world, stack) => (await startBaseRegistry(world, stack)).fail("tampered"),
  },
];

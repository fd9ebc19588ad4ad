import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as z from "zod";

/** The images of the Dockerfile. */
export type ImageTarget = "default" | "flyte";

/** Where images go. */
export interface Destination {
  /** The repository's folder. */
  readonly root: string;
  /** `registry.example.com/union` */
  readonly registry: string;
  readonly version: string;
  /** The registry speaks plain HTTP. */
  readonly isPlainHttp: boolean;
}

/** What digest each image has in the registry. */
export type Digests = Partial<Record<ImageTarget, string>>;

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Whether docker with buildx can be run here. */
export async function hasBuildx(): Promise<boolean> {
  const { failed } = await execa("docker", ["buildx", "inspect"], { reject: false });
  return !failed;
}

/**
 * Builds for every platform of docker-bake.hcl and pushes.
 * @throws {Error} if the build or the push fails
 */
export async function pushByBuildx(to: Destination, targets: readonly ImageTarget[]): Promise<Digests> {
  const folder = mkdtempSync(join(tmpdir(), "registrar-bake-"));
  try {
    const file = join(folder, "metadata.json");
    const names = targets.map((target) => `${target}-image`);
    await execa("docker", ["buildx", "bake", "--push", "--metadata-file", file, ...names], {
      cwd: to.root,
      env: { REGISTRY: to.registry, VERSION: to.version },
      stdio: ["ignore", 2, "inherit"],
    });
    return digestsOfBake(readFileSync(file, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The digests in what `docker buildx bake --metadata-file` writes. */
export function digestsOfBake(metadata: string): Digests {
  const images = z
    .partialRecord(z.enum(["default-image", "flyte-image"]), z.looseObject({ "containerimage.digest": digestSchema }))
    .parse(JSON.parse(metadata, (key, value) => (key.startsWith("buildx.build.") ? undefined : value)));
  const digestOf = (target: ImageTarget) => {
    const digest = images[`${target}-image`]?.["containerimage.digest"];
    return digest === undefined ? {} : { [target]: digest };
  };
  return { ...digestOf("default"), ...digestOf("flyte") };
}

/**
 * Builds by buildah for the processor of this machine (tools/image.sh) and pushes by skopeo.
 * @throws {Error} if the build or the push fails
 */
export async function pushByBuildah(to: Destination, targets: readonly ImageTarget[]): Promise<Digests> {
  const digests: Digests = {};
  for (const target of targets) {
    const { stdout: archive } = await execa(join(to.root, "tools/image.sh"), [target], { stderr: "inherit" });
    const tag = target === "default" ? to.version : `${to.version}-${target}`;
    digests[target] = await pushArchive(archive, `${to.registry}/image-builder-registrar:${tag}`, to.isPlainHttp);
  }
  return digests;
}

/** @returns the digest that the registry has */
async function pushArchive(archive: string, reference: string, isPlainHttp: boolean): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "registrar-push-"));
  try {
    const file = join(folder, "digest");
    const flags = ["--digestfile", file, ...(isPlainHttp ? ["--dest-tls-verify=false"] : [])];
    await execa("skopeo", ["copy", "--quiet", ...flags, `docker-archive:${archive}`, `docker://${reference}`]);
    return digestSchema.parse(readFileSync(file, "utf8").trim());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

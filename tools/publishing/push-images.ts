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

/** What a push has brought to the registry. */
export interface Pushed {
  readonly digests: Digests;
  /** What each image runs on, such as `linux/amd64`. */
  readonly platforms: readonly string[];
}

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const bakeSchema = z.object({ target: z.record(z.string(), z.object({ platforms: z.array(z.string()) })) });

/** For people, and for the report of a failure. */
const stderr = ["inherit", "pipe"] as const;

/** The driver of the builder that docker buildx uses here, such as `docker-container`; nothing without docker and buildx. */
export async function buildxDriver(): Promise<string | undefined> {
  const { stdout, failed } = await execa("docker", ["buildx", "inspect"], { reject: false });
  return failed ? undefined : /^Driver:\s*(\S+)$/m.exec(stdout)?.[1];
}

/**
 * Builds for every platform of docker-bake.hcl and pushes. The environment goes on to docker-bake.hcl.
 * @throws {ExecaError} if the build or the push fails
 */
export async function pushByBuildx(to: Destination, targets: readonly ImageTarget[]): Promise<Pushed> {
  const folder = mkdtempSync(join(tmpdir(), "registrar-bake-"));
  try {
    const file = join(folder, "metadata.json");
    const names = targets.map((target) => `${target}-image`);
    const env = { REGISTRY: to.registry, VERSION: to.version, PLAIN_HTTP: to.isPlainHttp ? "1" : "" };
    const options = { cwd: to.root, env };
    const { stdout } = await execa("docker", ["buildx", "bake", "--print", ...names], options);
    const targetsRead = Object.values(bakeSchema.parse(JSON.parse(stdout)).target);
    const platforms = [...new Set(targetsRead.flatMap((target) => target.platforms))];
    await execa("docker", ["buildx", "bake", "--push", "--metadata-file", file, ...names], {
      ...options,
      stdin: "ignore",
      stdout: 2,
      stderr,
    });
    return { digests: digestsOfBake(readFileSync(file, "utf8")), platforms };
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

/** A line for each image in what `docker buildx bake --print` prints. */
export function imagesOfBake(printed: string): string[] {
  const image = z.object({
    tags: z.array(z.string()),
    platforms: z.array(z.string()),
    attest: z.array(z.object({ type: z.string() })),
  });
  const { target } = z.object({ target: z.record(z.string(), image) }).parse(JSON.parse(printed));
  return Object.values(target).map(
    ({ tags, platforms, attest }) =>
      `${tags.join(", ")} for ${platforms.join(", ")} with ${attest.map(({ type }) => type).join(" and ")}`,
  );
}

/**
 * Builds by buildah for the processor of this machine (tools/image.sh, which the environment goes on to) and pushes by skopeo.
 * @throws {ExecaError} if the build or the push fails
 */
export async function pushByBuildah(to: Destination, targets: readonly ImageTarget[]): Promise<Pushed> {
  const digests: Digests = {};
  for (const target of targets) {
    const { stdout: archive } = await execa(join(to.root, "tools/image.sh"), [target], { stderr });
    const tag = target === "default" ? to.version : `${to.version}-${target}`;
    digests[target] = await pushArchive(archive, `${to.registry}/image-builder-registrar:${tag}`, to.isPlainHttp);
  }
  return { digests, platforms: [platformHere] };
}

/** What an image runs on that is built without docker. */
export const platformHere = `linux/${process.arch === "arm64" ? "arm64" : "amd64"}`;

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

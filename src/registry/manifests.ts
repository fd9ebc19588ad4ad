import * as z from "zod";
import { digestPattern } from "./image-reference.ts";
import type { ImageConfig, ImageIndex, ImageManifest, Platform, PlatformManifest } from "./registry-client.ts";

/** What an `Accept` header names: the types of https://github.com/opencontainers/image-spec and of Docker's schema 2. */
export const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const descriptorSchema = z.object({
  mediaType: z.string(),
  digest: z.string().regex(digestPattern, "is no digest of sha256 or sha512"),
  size: z.int().nonnegative(),
  annotations: z.record(z.string(), z.string()).optional().catch(undefined),
});

const platformSchema = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });

const manifestSchema = z.union([
  z.object({
    mediaType: z.string().optional(),
    manifests: z.array(descriptorSchema.extend({ platform: platformSchema.optional() })),
  }),
  z.object({
    mediaType: z.string().optional(),
    config: descriptorSchema,
    layers: z.array(descriptorSchema),
  }),
]);

/** Linux starts no program with a longer variable (execve(2), MAX_ARG_STRLEN), so no build can run with it. */
const longestVariable = 131_072;

const configSchema = z
  .object({
    os: z.string(),
    architecture: z.string(),
    variant: z.string().optional(),
    config: z.object({ Env: z.array(z.string()).nullish() }).nullish(),
  })
  .transform(({ config, ...platform }) => ({
    ...platform,
    env: (config?.Env ?? []).filter(({ length }) => length < longestVariable),
  }));

/**
 * Reads a manifest or an index.
 * @param contentType the type that the server names, for OCI documents that name none
 * @throws {SyntaxError, TypeError} if it is neither
 */
export function parseManifest(text: string, contentType: string, digest: string): ImageManifest | ImageIndex {
  const json: unknown = JSON.parse(text);
  const isSchema1 = typeof json === "object" && json !== null && "schemaVersion" in json && json.schemaVersion === 1;
  if (isSchema1) throw new TypeError("it is of Docker's schema 1, which containerd and buildkit no longer pull");
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success)
    throw new TypeError(`it is neither an image nor an index (content type ${contentType || "absent"})`);
  const { data } = parsed;
  const mediaType = data.mediaType ?? contentType.replace(/;.*$/, "").trim();
  if ("layers" in data) return { kind: "image", mediaType, digest, config: data.config, layers: data.layers };
  return {
    kind: "index",
    mediaType,
    digest,
    manifests: data.manifests.filter(isImageOfPlatform),
    digests: data.manifests.map(({ digest }) => digest),
  };
}

/**
 * Reads the configuration of an image.
 * @throws {SyntaxError, TypeError} if it is none
 */
export function parseConfig(text: string): ImageConfig {
  const parsed = configSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new TypeError("it has no os and architecture");
  return parsed.data;
}

/** Chooses the image for a platform, as containerd does: arm64 is v8 unless told otherwise. */
export function chooseManifest({ manifests }: ImageIndex, wanted: Platform): PlatformManifest | undefined {
  return manifests.find(({ platform }) => isPlatform(platform, wanted));
}

/** Whether something for one platform runs on another one; a variant counts only where one is asked for. */
export function isPlatform(given: Platform, wanted: Platform): boolean {
  const variant = (platform: Platform) => platform.variant ?? (platform.architecture === "arm64" ? "v8" : undefined);
  return (
    given.os === wanted.os &&
    given.architecture === wanted.architecture &&
    (wanted.variant === undefined || variant(given) === variant(wanted))
  );
}

/** `linux/arm/v7` */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant ?? []].flat().join("/");
}

/** Attestations of BuildKit stand among the images, with a platform that is none. */
function isImageOfPlatform<D extends { annotations?: unknown; platform?: Platform | undefined }>(
  descriptor: D,
): descriptor is D & { platform: Platform } {
  const { annotations, platform } = descriptor;
  const isAttestation =
    typeof annotations === "object" && annotations !== null && "vnd.docker.reference.type" in annotations;
  return !isAttestation && platform !== undefined && platform.os !== "unknown" && platform.architecture !== "unknown";
}

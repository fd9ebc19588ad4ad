import { describeCause } from "../findings/describe-cause.ts";
import { problem } from "../findings/registrar-error.ts";
import { digestOf } from "./blob-stream.ts";
import { formatImageReference, type ImageReference } from "./image-reference.ts";
import { parseManifest } from "./manifests.ts";
import { readBody, TooLarge } from "./registry-answer.ts";
import type { ImageIndex, ImageManifest, ManifestHead } from "./registry-client.ts";
import type { RegistryAnswer } from "./registry-redirects.ts";

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests: registries take 4 MiB at least. */
const mostBytes = 4 * 2 ** 20;

/** What the answer to a HEAD request says of a manifest; nothing if the registry leaves something out. */
export function headOf({ response, origin }: RegistryAnswer, reference: ImageReference): ManifestHead | undefined {
  response.resume();
  const {
    "content-type": mediaType = "",
    "content-length": length,
    "docker-content-digest": digest,
  } = response.headers;
  if (typeof digest !== "string" || !/^\d+$/.test(length ?? "")) return undefined;
  if (reference.digest !== undefined && reference.digest !== digest) throw mismatch(origin, reference, digest);
  return { mediaType, digest, size: Number(length) };
}

/**
 * Reads a manifest and verifies its digest, if the reference has one.
 * @returns it, and its size in bytes
 * @throws {RegistrarError} image-manifest-unusable, image-digest-mismatch
 */
export async function readManifestAnswer(
  { response, origin: endpoint }: RegistryAnswer,
  reference: ImageReference,
  signal: AbortSignal,
): Promise<{ manifest: ImageManifest | ImageIndex; size: number }> {
  const image = formatImageReference(reference);
  const contentType = response.headers["content-type"] ?? "";
  try {
    const bytes = await readBody(response, mostBytes, signal);
    const digest = digestOf(bytes, reference.digest);
    if (reference.digest !== undefined && digest !== reference.digest) throw mismatch(endpoint, reference, digest);
    return { manifest: parseManifest(bytes.toString(), contentType, digest), size: bytes.length };
  } catch (error) {
    // The parsers' own errors; those of the network stay as they are.
    const isUnusable = error instanceof SyntaxError || error instanceof TypeError || error instanceof TooLarge;
    throw isUnusable ? problem("image-manifest-unusable", { endpoint, image }, describeCause(error)) : error;
  }
}

function mismatch(endpoint: string, reference: ImageReference, given: string) {
  const { digest = "" } = reference;
  const args = { endpoint, image: formatImageReference(reference), digest };
  return problem("image-digest-mismatch", args, `the manifest has the digest ${given}`);
}

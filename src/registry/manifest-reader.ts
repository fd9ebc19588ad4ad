import { problem } from "../findings/registrar-error.ts";
import { type AskRegistry, failureOf } from "./ask-registry.ts";
import { formatImageReference, type ImageReference } from "./image-reference.ts";
import { headOf, readManifestAnswer } from "./manifest-answer.ts";
import { chooseManifest, formatPlatform, isPlatform, manifestTypes } from "./manifests.ts";
import { isMissing, readRefusal } from "./registry-answer.ts";
import type { ManifestHead, Platform, RegistryClient } from "./registry-client.ts";
import type { RegistryOrigins } from "./registry-origins.ts";
import type { RegistryAnswer } from "./registry-redirects.ts";
import type { ExplainMissing } from "./tag-reader.ts";

/** What reading manifests depends on. */
interface ManifestDependencies {
  ask: AskRegistry;
  explainMissing: ExplainMissing;
  readConfig: RegistryClient["readConfig"];
  originOf: RegistryOrigins["originOf"];
  /** The time of day. */
  date(): Date;
}

/** Creates what reads manifests. */
export function createManifestReader({
  ask,
  explainMissing,
  readConfig,
  originOf,
  date,
}: ManifestDependencies): Pick<RegistryClient, "headManifest" | "readManifest" | "readImage"> {
  const request = async <T>(
    method: "GET" | "HEAD",
    reference: ImageReference,
    read: (answer: RegistryAnswer, signal: AbortSignal) => Promise<T> | T,
    signal: AbortSignal,
  ): Promise<T> => {
    const path = `manifests/${reference.digest ?? reference.tag}`;
    const asked = { method, reference, path, headers: { accept: manifestTypes } };
    const result = await ask(
      asked,
      async (answer, deadline) =>
        answer.status === 200
          ? { value: await read(answer, deadline) }
          : { answer, refusal: await readRefusal(answer, deadline) },
      signal,
    );
    if ("value" in result) return result.value;
    const { answer, refusal } = result;
    // The answer to HEAD has no body that would say so.
    if (isMissing(refusal) || (method === "HEAD" && refusal.status === 404))
      throw await explainMissing(reference, refusal, signal);
    throw failureOf(answer, refusal, asked, date());
  };

  const readWhole = (reference: ImageReference, signal: AbortSignal) =>
    request("GET", reference, (answer, deadline) => readManifestAnswer(answer, reference, deadline), signal);

  const readManifest: RegistryClient["readManifest"] = async (reference, signal) =>
    (await readWhole(reference, signal)).manifest;

  const architectureMissing = (reference: ImageReference, wanted: Platform, available: readonly Platform[]) => {
    const { host, repository: path } = reference;
    return problem("image-architecture-missing", {
      endpoint: originOf(reference),
      repository: `${host}/${path}`,
      path,
      image: formatImageReference(reference),
      wanted: formatPlatform(wanted),
      available: [...new Set(available.map(formatPlatform))].join(", "),
    });
  };

  return {
    readManifest,
    async headManifest(reference, signal): Promise<ManifestHead> {
      const head = await request("HEAD", reference, (answer) => headOf(answer, reference), signal);
      if (head) return head;
      // Not every registry names digest and size.
      const { manifest, size } = await readWhole(reference, signal);
      return { mediaType: manifest.mediaType, digest: manifest.digest, size };
    },
    async readImage(reference, platform, signal) {
      const read = await readManifest(reference, signal);
      if (read.kind === "image") {
        // To buildkit, an image without an index is good for every architecture.
        const config = await readConfig(reference, read, signal);
        // Tools that build from nothing leave it empty.
        if (config.architecture !== "" && !isPlatform(config, platform))
          throw architectureMissing(reference, platform, [config]);
        return read;
      }
      const chosen = chooseManifest(read, platform);
      const available = read.manifests.map((manifest) => manifest.platform);
      if (!chosen) throw architectureMissing(reference, platform, available);
      const image = await readManifest({ ...reference, digest: chosen.digest }, signal);
      if (image.kind === "image") return image;
      const args = { endpoint: originOf(reference), image: formatImageReference(reference) };
      throw problem("image-manifest-unusable", args, "its index lists another index");
    },
  };
}

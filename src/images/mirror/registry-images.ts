import type { Code } from "../../findings/catalog/catalog.ts";
import { RegistrarError } from "../../findings/registrar-error.ts";
import type { ImageReference } from "../../registry/image-reference.ts";
import type { RegistryClient } from "../../registry/registry-client.ts";
import type { Clock } from "../../system/clock.ts";
import { deadlines } from "../../system/deadlines.ts";
import { retry } from "../../system/retry.ts";

/** What is asked of registries. */
export type ManifestClient = Pick<RegistryClient, "readManifest" | "headManifest">;

/** A manifest or an index in a registry. */
interface RegistryImage {
  digest: string;
  mediaType: string;
}

/** Asks registries, again if they fail for a moment. */
export interface RegistryImages {
  /** The image of a reference. @throws {RegistrarError} those of the registry client */
  read(reference: ImageReference, signal: AbortSignal): Promise<RegistryImage>;
  /**
   * The image of a reference, with all that its index lists.
   * @throws {RegistrarError} those of the registry client: image-digest-missing if a manifest of it is not there
   */
  readWhole(reference: ImageReference, signal: AbortSignal): Promise<RegistryImage>;
}

/** Registries, asked by the program's own client. */
export function createRegistryImages(client: ManifestClient, clock: Clock): RegistryImages {
  const asked = <T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) =>
    retry(ask, deadlines.mirrorLookup.milliseconds, clock, signal);
  const read = (reference: ImageReference, signal: AbortSignal) =>
    asked((attempt) => client.readManifest(reference, attempt), signal);
  return {
    read,
    async readWhole(reference, signal) {
      const found = await read(reference, signal);
      for (const digest of found.kind === "index" ? found.digests : []) {
        const inner = { ...reference, tag: undefined, digest };
        await asked((attempt) => client.headManifest(inner, attempt), signal);
      }
      return found;
    },
  };
}

/** What a registry says if it has no such image, or does not say whether it has it: some refuse where nothing is yet. */
const missing: ReadonlySet<Code> = new Set([
  "image-repository-missing",
  "image-tag-missing",
  "image-digest-missing",
  "registry-login-required",
  "registry-forbidden",
]);

/** The image if `read` finds it; nothing if it may have to be copied. @throws what says more than that it is not there */
export async function unlessMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof RegistrarError && missing.has(error.code)) return undefined;
    throw error;
  }
}

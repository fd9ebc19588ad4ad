import { describeCause } from "../../findings/describe-cause.ts";
import type { Finding } from "../../findings/finding.ts";
import { asRegistrarError, type RegistrarError } from "../../findings/registrar-error.ts";
import type { RequiredImage } from "../../images/required-image.ts";
import { parseImageReference } from "../../registry/image-reference.ts";
import type { Platform, RegistryClient } from "../../registry/registry-client.ts";
import type { ImageAnswers } from "./image-findings.ts";

interface Questions {
  client: RegistryClient;
  /** Of buildkit's machine. Pods of builds may run on another, so their image may be for any. */
  platform: Platform;
  /** References that buildkit can pull. */
  reached: readonly string[];
  signal: AbortSignal;
}

/**
 * Asks the registries about all images at the same time. What this pod does not see says nothing about kubelet and buildkit, so it is
 * a warning; and no finding at all for an image that buildkit can pull. That an image has none for buildkit's architecture is an
 * error: the registry has shown what it has.
 */
export async function askRegistriesForImages(
  images: readonly RequiredImage[],
  { client, platform, reached, signal }: Questions,
): Promise<ImageAnswers> {
  const asked = await Promise.all(
    images.map(async ({ reference: image, pulledBy }): Promise<{ image: string; error?: RegistrarError }> => {
      const reference = parseImageReference(image);
      try {
        if (pulledBy === "buildkit") await client.readImage(reference, platform, signal);
        else await client.readManifest(reference, signal);
        return { image };
      } catch (error) {
        signal.throwIfAborted();
        return { image, error: asRegistrarError(error) };
      }
    }),
  );
  const isKnownToBuildkit = (image: string, error: RegistrarError) =>
    reached.includes(image) && error.code !== "image-architecture-missing";
  const unseen = asked.flatMap(({ image, error }) =>
    error && isKnownToBuildkit(image, error) ? { image, error } : [],
  );
  const failed = asked.flatMap(({ image, error }) => (error && !isKnownToBuildkit(image, error) ? error : []));
  return {
    sound: asked.filter(({ error }) => error === undefined).map(({ image }) => image),
    findings: [...failed.map(asFinding), ...client.refusedLogins()],
    notes: unseen.map(({ image, error }) => `${image} is not seen from this pod (${describeCause(error)})`),
  };
}

function asFinding({ finding }: RegistrarError): Finding {
  return { ...finding, severity: finding.code === "image-architecture-missing" ? "error" : "warning" };
}

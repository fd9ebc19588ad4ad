import type { Code } from "../../findings/catalog/catalog.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import type { Finding } from "../../findings/finding.ts";
import { asRegistrarError, type RegistrarError } from "../../findings/registrar-error.ts";
import type { RequiredImage } from "../../images/required-image.ts";
import { parseImageReference } from "../../registry/image-reference.ts";
import type { Platform, RegistryClient } from "../../registry/registry-client.ts";
import type { Clock } from "../../system/clock.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { ImageAnswers } from "./image-findings.ts";

interface Questions {
  client: RegistryClient;
  /** Of buildkit's machine. Pods of builds may run on another, so their image may be for any. */
  platform: Platform;
  /** References that buildkit can pull; absent if it was not asked. */
  pulled: readonly string[] | undefined;
  clock: Clock;
  signal: AbortSignal;
}

interface Answer {
  image: RequiredImage;
  error?: RegistrarError;
}

/**
 * Asks the registries about all images at the same time. What this pod does not see says nothing about kubelet and buildkit, so it is
 * a warning; and no finding at all for an image that buildkit can pull, or where only this pod's own way to the registry is in
 * question. That an image has none for buildkit's architecture is an error: the registry has shown what it has.
 */
export async function askRegistriesForImages(
  images: readonly RequiredImage[],
  { client, platform, pulled, clock, signal: outer }: Questions,
): Promise<ImageAnswers> {
  const signal = AbortSignal.any([outer, clock.timeout(deadlines.checkRegistryAnswer.milliseconds)]);
  const asked = await Promise.all(
    images.map(async (image): Promise<Answer> => {
      const reference = parseImageReference(image.reference);
      try {
        if (image.pulledBy === "buildkit") await client.readImage(reference, platform, signal);
        else await client.readManifest(reference, signal);
        return { image };
      } catch (error) {
        outer.throwIfAborted();
        return { image, error: asRegistrarError(error) };
      }
    }),
  );
  const isUnseen = ({ image, error }: Answer) => error !== undefined && isOnlyUnseen(image, error.code, pulled);
  const sound = asked.filter((one) => one.error === undefined || isUnseen(one));
  const found = asked.flatMap((one) => (one.error && !sound.includes(one) ? asFinding(one.error) : []));
  return {
    sound: sound.map(({ image }) => image.reference),
    findings: [...found, ...client.refusedLogins()],
    details: sound.map(({ image: { reference }, error }) =>
      error ? `${reference} is not seen from here (${describeCause(error)})` : reference,
    ),
  };
}

/** Codes about the way from this pod to a registry, which is not that of kubelet and buildkit. */
const aboutTheWay = /^(registry-(name-unknown|refused|timeout|unreachable|reset|page-answered|not-spoken)|tls-)/;
/** The checks of the control plane report a proxy that fails. */
const aboutTheProxy = /^proxy-/;
const aboutLogins: readonly Code[] = ["registry-login-required", "registry-forbidden"];

/** Whether an error says nothing about the image: that buildkit pulls it, or that nodes bring logins which are not known here. */
function isOnlyUnseen(
  { reference, pulledBy }: RequiredImage,
  code: Code,
  pulled: readonly string[] | undefined,
): boolean {
  if (code === "image-architecture-missing") return false;
  if (aboutTheProxy.test(code) || pulled?.includes(reference) === true) return true;
  if (pulled !== undefined && aboutTheWay.test(code)) return true;
  return pulledBy === "kubelet" && aboutLogins.includes(code);
}

function asFinding({ finding }: RegistrarError): Finding {
  return { ...finding, severity: finding.code === "image-architecture-missing" ? "error" : "warning" };
}

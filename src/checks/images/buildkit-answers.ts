import type { Buildkit } from "../../buildkit/ask-buildkit.ts";
import type { PullFault } from "../../buildkit/pull-faults.ts";
import { describeFailedPulls, type FailedPull } from "../../buildkit/pull-findings.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import type { Finding } from "../../findings/finding.ts";
import type { RequiredImage } from "../../images/required-image.ts";
import { addressHost, judgeAddress } from "../../network/address-kind.ts";
import type { Names } from "../../network/name-service.ts";
import { resolve } from "../../network/resolve.ts";
import {
  apiHostOf,
  type ImageReference,
  parseImageReference,
  readImageReference,
} from "../../registry/image-reference.ts";
import type { Platform, RegistryClient } from "../../registry/registry-client.ts";
import { nearestTags } from "../../registry/tags.ts";
import type { Clock } from "../../system/clock.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { BuildConfig } from "../data-plane/build-config.ts";
import type { ImageAnswers } from "./image-findings.ts";

/** Whom to ask about images, and what is known already. */
interface Questions {
  buildkit: Buildkit;
  platform: Platform;
  /** Where built images go, and how builds log in there. */
  config: BuildConfig;
  /** Whether buildkit was given the logins of `registry.authFile`. */
  isLoginSent: boolean;
  cidrs: readonly string[];
  registries: RegistryClient;
  names: Names;
  clock: Clock;
  signal: AbortSignal;
}

/** How many tags a message names. */
const tagsShown = 5;

interface Asked extends FailedPull {
  reference: ImageReference;
}

/** Asks buildkit about all images at the same time. */
export async function askBuildkitForImages(
  images: readonly RequiredImage[],
  questions: Questions,
): Promise<ImageAnswers> {
  const { buildkit, platform, config, isLoginSent, cidrs, signal } = questions;
  const asked = await Promise.all(
    images.map(async ({ reference: image }): Promise<Asked | undefined> => {
      const reference = parseImageReference(image);
      const answer = await buildkit.ask({ reference, platform }, signal);
      if (answer.kind === "available") return undefined;
      return { image, reference, fault: await explain(answer, reference, questions) };
    }),
  );
  const refused = asked.filter((one) => one !== undefined);
  const own = registryOf(config);
  const awaitsLogin = ({ fault, reference }: Asked) =>
    fault.kind === "login-required" && reference.host === own && !isLoginSent && config.authentication !== "noop";
  const failed = refused.filter((one) => !awaitsLogin(one));
  const isPrivate = (address: string) => judgeAddress(addressHost(address), cidrs).kind !== "public";
  const note = `${own} requires a login, which builds bring: whether it has the image is not known here`;
  const sound = images.map(({ reference }) => reference).filter((image) => !failed.some((one) => one.image === image));
  return {
    sound,
    findings: describeFailures(failed, isLoginSent, isPrivate),
    details: refused.some(awaitsLogin) ? [...sound, note] : sound,
  };
}

/** Anonymously, many registries answer a question for what they do not have like one for what they do not show. */
function describeFailures(
  failed: readonly FailedPull[],
  isLoginSent: boolean,
  isPrivate: (address: string) => boolean,
): Finding[] {
  const isOpen = ({ fault }: FailedPull) => !isLoginSent && fault.kind === "login-required";
  return [
    ...describeFailedPulls(
      failed.filter((pull) => !isOpen(pull)),
      "error",
      isPrivate,
    ),
    ...describeFailedPulls(failed.filter(isOpen), "warning", isPrivate),
  ];
}

/** Adds what buildkit does not say: where it cannot connect to, and which tags there are. */
async function explain(fault: PullFault, reference: ImageReference, questions: Questions): Promise<PullFault> {
  const host = fault.host ?? apiHostOf(reference);
  if (fault.kind === "no-answer" && fault.address === undefined) {
    return { ...fault, host, ...(await explainSilence(apiHostOf(reference), questions)) };
  }
  if (fault.kind !== "missing" || reference.tag === undefined) return { ...fault, host };
  const near = await nearestOf(reference, reference.tag, questions);
  return near.length === 0
    ? { ...fault, host }
    : { ...fault, host, words: `${fault.words}; the nearest tags, seen from this pod: ${near.join(", ")}` };
}

/**
 * Looks up the host about which buildkit has said nothing. Pods share the cluster's DNS: if it does not answer here either, that is
 * what buildkit waits for, which takes longer than it is given.
 */
async function explainSilence(
  host: string,
  { names, clock, signal: outer }: Questions,
): Promise<Pick<PullFault, "kind" | "words" | "address">> {
  const signal = AbortSignal.any([outer, clock.timeout(deadlines.pullDetails.milliseconds)]);
  const { hostname } = new URL(`https://${host}`);
  const silence = `no answer within ${deadlines.buildkitQuestion.milliseconds / 1000} s`;
  try {
    const [address = ""] = await resolve(hostname, signal, names.lookUp);
    return { kind: "no-answer", words: `${silence}; in this pod, ${hostname} is ${address}`, address };
  } catch (error) {
    const isSilent = error instanceof Error && "code" in error && error.code === "EAI_AGAIN";
    const why = `${silence}; in this pod: ${describeCause(error)}`;
    return { kind: isSilent ? "dns-silent" : "no-answer", words: why };
  }
}

async function nearestOf(
  reference: ImageReference,
  tag: string,
  { registries, clock, signal: outer }: Questions,
): Promise<readonly string[]> {
  const signal = AbortSignal.any([outer, clock.timeout(deadlines.pullDetails.milliseconds)]);
  try {
    const { tags } = await registries.listTags(reference, signal);
    return nearestTags(tag, tags, tagsShown);
  } catch {
    // This pod may not reach the registry, and what buildkit has said stands without it.
    return [];
  }
}

/** Host of the registry where built images go, as references name it; empty if the repository's name is wrong. */
function registryOf({ repository }: BuildConfig): string {
  const read = readImageReference(`${repository}/any`);
  return typeof read === "string" ? "" : read.host;
}

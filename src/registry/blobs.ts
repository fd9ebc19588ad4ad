import { describeCause } from "../findings/describe-cause.ts";
import { problem } from "../findings/registrar-error.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { type AskRegistry, failureOf } from "./ask-registry.ts";
import { BlobMismatch, digestOf, watchBlob } from "./blob-stream.ts";
import { formatImageReference, type ImageReference } from "./image-reference.ts";
import { parseConfig } from "./manifests.ts";
import { isMissing, readBody, readRefusal, TooLarge } from "./registry-answer.ts";
import type { Descriptor, RegistryClient } from "./registry-client.ts";
import { networkFailure } from "./registry-failures.ts";
import type { RegistryOrigins } from "./registry-origins.ts";
import type { RegistryAnswer, RegistryRequest } from "./registry-redirects.ts";
import type { SendRequest } from "./registry-requests.ts";

/** A configuration of more has more history than any registry takes. */
const mostConfigBytes = 8 * 2 ** 20;

/** What reading blobs depends on. */
interface BlobDependencies {
  ask: AskRegistry;
  send: SendRequest;
  originOf: RegistryOrigins["originOf"];
  clock: Clock;
}

/** Creates what reads blobs. */
export function createBlobReader({
  ask,
  send,
  originOf,
  clock,
}: BlobDependencies): Pick<RegistryClient, "readConfig" | "openBlob" | "openBlobRange"> {
  const requestOf = (reference: ImageReference, { digest }: Descriptor, range?: string): RegistryRequest => ({
    method: "GET",
    reference,
    path: `blobs/${digest}`,
    ...(range !== undefined && { headers: { range } }),
  });

  const refuse = async (answer: RegistryAnswer, request: RegistryRequest, blob: Descriptor, signal: AbortSignal) => {
    const refusal = await readRefusal(answer, signal);
    const image = formatImageReference(request.reference);
    if (!isMissing(refusal)) return failureOf(answer, refusal, request, clock.date());
    const why = `a part of it, ${blob.digest}, is missing`;
    return problem("image-manifest-unusable", { endpoint: answer.origin, image }, why);
  };

  const mismatchOf = (reference: ImageReference, { digest }: Descriptor, why: string) =>
    problem(
      "image-digest-mismatch",
      { endpoint: originOf(reference), image: formatImageReference(reference), digest },
      why,
    );

  /** The deadline is that of the answer's head; the body has its own. */
  const open = async (request: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer> => {
    const late = new AbortController();
    const deadline = clock.timeout(deadlines.registryRequest.milliseconds);
    const abort = () => late.abort(deadline.reason);
    deadline.addEventListener("abort", abort);
    try {
      return await send(request, AbortSignal.any([signal, late.signal]));
    } catch (error) {
      throw networkFailure(error, originOf(request.reference));
    } finally {
      deadline.removeEventListener("abort", abort);
    }
  };

  const watch = (
    answer: RegistryAnswer,
    request: RegistryRequest,
    blob: Descriptor,
    isWhole: boolean,
    signal: AbortSignal,
  ) =>
    watchBlob(answer.response, isWhole ? blob : undefined, {
      clock,
      pauseMilliseconds: deadlines.registryPause.milliseconds,
      fail: (error) => {
        if (error instanceof BlobMismatch) return mismatchOf(request.reference, blob, error.message);
        const failure = networkFailure(signal.aborted ? signal.reason : error, answer.origin);
        return failure instanceof Error ? failure : new Error(String(failure));
      },
    });

  return {
    readConfig(reference, { config }, outer) {
      const request = requestOf(reference, config);
      return ask(
        request,
        async (answer, signal) => {
          if (answer.status !== 200) throw await refuse(answer, request, config, signal);
          try {
            const bytes = await readBody(answer.response, mostConfigBytes, signal);
            const digest = digestOf(bytes, config.digest);
            if (digest !== config.digest)
              throw mismatchOf(reference, config, `the configuration has the digest ${digest}`);
            return parseConfig(bytes.toString());
          } catch (error) {
            const isUnusable = error instanceof SyntaxError || error instanceof TypeError || error instanceof TooLarge;
            if (!isUnusable) throw error;
            const args = { endpoint: answer.origin, image: formatImageReference(reference) };
            throw problem("image-manifest-unusable", args, `its configuration: ${describeCause(error)}`);
          }
        },
        outer,
      );
    },
    async openBlob(reference, blob, signal) {
      const request = requestOf(reference, blob);
      const answer = await open(request, signal);
      if (answer.status !== 200) throw await refuse(answer, request, blob, signal);
      return watch(answer, request, blob, true, signal);
    },
    async openBlobRange(reference, blob, { first, last }, signal) {
      const request = requestOf(reference, blob, `bytes=${first}-${last}`);
      const answer = await open(request, signal);
      if (answer.status === 206) return watch(answer, request, blob, false, signal);
      if (answer.status !== 200) throw await refuse(answer, request, blob, signal);
      answer.response.destroy();
      return undefined;
    },
  };
}

import { problem } from "../findings/registrar-error.ts";
import { describeAnswer, type HttpAnswer } from "../network/http-answer.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { apiHostOf, formatImageReference } from "./image-reference.ts";
import { isPage, readRefusal } from "./registry-answer.ts";
import { answerFailure, networkFailure } from "./registry-failures.ts";
import type { RegistryAnswer, RegistryRequest } from "./registry-redirects.ts";
import type { SendRequest } from "./registry-requests.ts";

/** Sends a request and has its answer read, all of it within one deadline. */
export type AskRegistry = <T>(
  request: RegistryRequest,
  read: (answer: RegistryAnswer, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
) => Promise<T>;

/**
 * Creates what asks a registry.
 * @throws {RegistrarError} from the function: those of `send`, registry-timeout, registry-reset, registry-page-answered (for a page
 * with the status of success); what `read` throws
 */
export function createAskRegistry(send: SendRequest, clock: Clock): AskRegistry {
  return async (request, read, outer) => {
    const signal = AbortSignal.any([outer, clock.timeout(deadlines.registryRequest.milliseconds)]);
    let endpoint = `https://${apiHostOf(request.reference)}`;
    try {
      const answer = await send(request, signal);
      endpoint = answer.origin;
      if (answer.status === 200 && isPage(answer.response)) {
        const why = describeAnswer(await readRefusal(answer, signal));
        throw problem("registry-page-answered", { endpoint, status: 200 }, why);
      }
      return await read(answer, signal);
    } catch (error) {
      throw networkFailure(error, endpoint);
    }
  };
}

/** The error for an answer that is none of success and says nothing more to the one who asked. */
export function failureOf(
  { origin: endpoint, withLogin }: RegistryAnswer,
  refusal: HttpAnswer,
  { reference }: RegistryRequest,
  now: Date,
): Error {
  return answerFailure(refusal, { endpoint, image: formatImageReference(reference), withLogin, now });
}

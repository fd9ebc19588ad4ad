import type { IncomingMessage } from "node:http";
import * as z from "zod";
import { hasErrorName } from "../findings/error-name.ts";
import { describeAnswer, type HttpAnswer } from "../network/http-answer.ts";
import { oneLine } from "../network/one-line.ts";
import { parseJson } from "../system/parse-json.ts";

/** The head of an answer, and where it came from after redirects. */
export interface AnswerHead {
  response: IncomingMessage;
  /** `https://ghcr.io` */
  origin: string;
}

/** Most of an answer that says why there is no other. */
const mostErrorBytes = 65_536;

/**
 * Reads a body.
 * @param mostBytes more than these are an error
 * @throws {TooLarge}, Node's own errors of HTTP, the reason of the signal with which it was requested
 */
export async function readBody(response: IncomingMessage, mostBytes: number, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > mostBytes) throw new TooLarge(mostBytes);
      parts.push(part);
    }
  } catch (error) {
    // Node reports the end by the signal as a broken connection.
    throw signal.aborted ? signal.reason : error;
  }
  return Buffer.concat(parts);
}

/** A body larger than what was asked for can be. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
  static override [Symbol.hasInstance] = hasErrorName("TooLarge");
  constructor(mostBytes: number) {
    super(`the answer is larger than ${mostBytes / 2 ** 20} MiB`);
  }
}

/** Reads an answer that is none of success, as far as it says why. */
export async function readRefusal({ response }: AnswerHead, signal: AbortSignal): Promise<HttpAnswer> {
  const { statusCode: status = 0, headers } = response;
  const header = (name: string) => headers[name]?.toString();
  const body = await readBody(response, mostErrorBytes, signal).catch((error: unknown) => {
    if (!(error instanceof TooLarge)) throw error;
    return Buffer.alloc(0);
  });
  return { status, header, body: body.toString() };
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
const errorsSchema = z.looseObject({
  errors: z.array(z.looseObject({ code: z.string(), message: z.string().nullish() })).min(1),
});

/** The errors in the body of a registry's answer; empty if it is none. */
export function registryErrorsOf({ body }: HttpAnswer): { code: string; message: string }[] {
  const { data } = errorsSchema.safeParse(parseJson(body));
  return data?.errors.map(({ code, message }) => ({ code, message: message ?? "" })) ?? [];
}

/** An answer in one line, with the server's own error code and message: `HTTP 404, MANIFEST_UNKNOWN: manifest unknown`. */
export function describeRegistryAnswer(answer: HttpAnswer): string {
  const [error] = registryErrorsOf(answer);
  if (!error) return describeAnswer(answer);
  const code = oneLine(error.code);
  const message = oneLine(error.message);
  return `HTTP ${answer.status}, ${code}${message && `: ${message}`}`;
}

/** Whether an answer says that a registry has no such thing; 404 is also what any web server says that is no registry. */
export function isMissing(answer: HttpAnswer): boolean {
  const { status, header } = answer;
  return (
    status === 404 && (registryErrorsOf(answer).length > 0 || header("docker-distribution-api-version") !== undefined)
  );
}

/** Whether an answer is a web page, which no registry gives to a program. */
export function isPage({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return /^text\/html\b/i.test(headers["content-type"] ?? "");
}

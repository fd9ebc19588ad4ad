import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { codeFromString, parseContentType } from "@connectrpc/connect/protocol-connect";
import * as z from "zod";
import { parseJson } from "../system/parse-json.ts";
import { decodeBody, readStart } from "./answer-body.ts";
import { ForeignAnswer } from "./foreign-answer.ts";

/**
 * Makes a client of HTTP throw a foreign answer. The Connect client derives an error from the status of such an answer, as
 * if the control plane had given it, and drops its body.
 */
export function throwForeignAnswers(send: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const response = await send(request);
    const { status, header } = response;
    const type = parseContentType(header.get("content-type"));
    const isStream = parseContentType(request.header.get("content-type"))?.stream ?? false;
    if (status === 200 && type?.binary && type.stream === isStream) return response;
    const bytes = await readStart(response);
    const text = decodeBody(bytes, header.get("content-encoding"));
    if (status !== 200 && isConnectError(text)) return replay(response, bytes);
    // Some pages show the request; a token that is cut off would not be recognized as a secret later.
    const token = [...request.header.values()].flatMap((value) => /^Bearer (.+)$/.exec(value)?.[1] ?? [])[0];
    const body = token === undefined ? text : text.replaceAll(token, "[redacted]");
    throw new ForeignAnswer({ status, header: (name) => header.get(name) ?? undefined, body });
  };
}

/** An error as the Connect protocol has it in the body of a unary call: https://connectrpc.com/docs/protocol#error-end-stream */
const connectErrorSchema = z.looseObject({
  code: z.string().refine((code) => codeFromString(code) !== undefined),
  message: z.string().nullish(),
});

function isConnectError(text: string): boolean {
  return connectErrorSchema.safeParse(parseJson(text)).success;
}

/** The same answer with a body that can be read again, declared as what it is: a gateway may have changed its type. */
function replay(response: UniversalClientResponse, bytes: Buffer): UniversalClientResponse {
  const header = new Headers(response.header);
  header.set("content-type", "application/json");
  return {
    ...response,
    header,
    body: (async function* () {
      yield bytes;
    })(),
  };
}

import type { IncomingMessage } from "node:http";
import { problem } from "../findings/registrar-error.ts";
import type { Authorization } from "./authorizer.ts";
import type { ImageReference } from "./image-reference.ts";
import type { OriginConnections } from "./origin-connections.ts";
import type { AnswerHead } from "./registry-answer.ts";
import { networkFailure } from "./registry-failures.ts";
import type { RegistryOrigins } from "./registry-origins.ts";

/** A request for a part of a repository. */
export interface RegistryRequest {
  method: "GET" | "HEAD";
  reference: ImageReference;
  /** Below the repository: `manifests/latest`, `tags/list?n=1000`. */
  path: string;
  headers?: Readonly<Record<string, string>>;
}

/** The head of an answer, with what its errors need to know. */
export interface RegistryAnswer extends AnswerHead {
  status: number;
  withLogin: boolean;
}

/** A registry redirects to its storage, which may redirect once or twice. */
const mostRedirects = 5;

/**
 * Sends a request and follows redirects; the login stays with the origin that it is for.
 * @throws {RegistrarError} registry-redirects-insecurely, and those of the network; the signal's reason
 */
export async function sendAndRedirect(
  { method, reference, path, headers = {} }: RegistryRequest,
  authorization: Authorization | undefined,
  { connections, origins }: { connections: OriginConnections; origins: RegistryOrigins },
  signal: AbortSignal,
): Promise<RegistryAnswer> {
  const origin = origins.originOf(reference);
  const withLogin = authorization?.login !== undefined;
  let url = new URL(`/v2/${reference.repository}/${path}`, origin);
  for (let redirects = 0; ; redirects++) {
    const login = authorization && url.origin === origin ? { authorization: authorization.header } : {};
    const all = { "user-agent": "image-builder-registrar", ...headers, ...login };
    let response: IncomingMessage;
    try {
      response = await connections.send({ method, url, headers: all }, signal);
    } catch (error) {
      throw networkFailure(error, url.origin);
    }
    const { statusCode: status = 0, headers: answered } = response;
    const target = answered.location === undefined ? null : URL.parse(answered.location, url);
    const isRedirect = [301, 302, 303, 307, 308].includes(status) && target && /^https?:$/.test(target.protocol);
    if (!isRedirect || redirects === mostRedirects) return { response, origin: url.origin, status, withLogin };
    response.resume();
    if (url.protocol === "https:" && target.protocol === "http:" && !origins.mayBeInsecure(target))
      throw problem("registry-redirects-insecurely", { endpoint: url.origin, location: target.origin });
    url = target;
  }
}

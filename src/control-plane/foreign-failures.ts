import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import type { HttpAnswer } from "../network/http-answer.ts";
import { retryAfterMilliseconds } from "../network/retry-after.ts";
import type { ForeignAnswer } from "./foreign-answer.ts";
import { isGrpc, isPlainHttpOnTls, sourceOf } from "./gateway-evidence.ts";

/** Statuses after which another try may succeed: the server had no time, no capacity, or no backend. */
const transientStatuses: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);

/** Statuses of web servers that do not know the API: no such path, method, content type or protocol. */
const unknownApi: ReadonlySet<number> = new Set([404, 405, 406, 415, 426, 505]);

/**
 * The error for an answer that is not the control plane's. It never says anything of credentials or rights, about which
 * only the control plane can tell.
 */
export function foreignFailure(foreign: ForeignAnswer, endpoint: string, now: Date): RegistrarError {
  const { answer } = foreign;
  const { status, header } = answer;
  if (transientStatuses.has(status)) {
    const pause = retryAfterMilliseconds(header("retry-after"), now);
    return problem("control-plane-unavailable", { endpoint }, foreign, pause);
  }
  if (isGrpc(answer)) return problem("control-plane-grpc-only", { endpoint }, foreign);
  const to = redirectionOf(answer, endpoint);
  const requiresTls = to ? isSameWithTls(to, endpoint) : endpoint.startsWith("http:") && isPlainHttpOnTls(answer);
  if (requiresTls) return problem("tls-expected", { endpoint }, foreign);
  const source = sourceOf(answer);
  if (source !== undefined) return problem("gateway-answered", { endpoint, status, source }, foreign);
  if (to) return problem("control-plane-redirects", { endpoint, ...placeOf(to, endpoint) }, foreign);
  if (status < 400 || unknownApi.has(status)) return problem("control-plane-not-spoken", { endpoint }, foreign);
  return problem("gateway-answered", { endpoint, status }, foreign);
}

function redirectionOf({ status, header }: HttpAnswer, endpoint: string): URL | undefined {
  const location = header("location");
  if (status < 300 || status >= 400 || location === undefined) return undefined;
  return URL.parse(location, endpoint) ?? undefined;
}

function isSameWithTls({ protocol, hostname }: URL, endpoint: string): boolean {
  const from = URL.parse(endpoint);
  return from?.protocol === "http:" && protocol === "https:" && hostname === from.hostname;
}

/** Where a redirection goes: to a host that may be the API, or to some page. Without a query, as in describeAnswer. */
function placeOf({ origin, pathname }: URL, endpoint: string): { location: string; isApi: boolean } {
  const isApi = pathname.startsWith("/flyteidl2.") && origin !== endpoint;
  return { location: isApi ? origin : `${origin}${pathname}`, isApi };
}

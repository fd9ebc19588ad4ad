import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import type { NetworkFault } from "./faults.ts";
import { challengesOf } from "./http-answer.ts";

/**
 * The error for a proxy that opened no tunnel. It is tried again unless the proxy refuses: Squid answers 503 for a server
 * that it cannot reach, tinyproxy 500. A login that is refused again and again may lock an account.
 */
export function proxyFailure(fault: Extract<NetworkFault, { kind: "proxy" }>, endpoint: string): RegistrarError {
  const { proxy, refusal, detail } = fault;
  if (!refusal) return problem("proxy-failed", { endpoint, proxy }, detail);
  const { status, header } = refusal.answer;
  // tinyproxy answers wrong credentials as a server would, by 401.
  if (status === 407 || status === 401) {
    const schemes = challengesOf(header("proxy-authenticate") ?? header("www-authenticate")).join(", ");
    return problem("proxy-login-required", { endpoint, proxy, sent: refusal.withCredentials, schemes }, detail);
  }
  const mayPass = status >= 500 || [408, 425, 429].includes(status);
  return mayPass
    ? problem("proxy-failed", { endpoint, proxy }, detail)
    : problem("proxy-refused", { endpoint, proxy, status }, detail);
}

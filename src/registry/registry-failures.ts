import type { Code } from "../findings/catalog/catalog.ts";
import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import { type ConnectionFault, findNetworkFault } from "../network/faults.ts";
import type { HttpAnswer } from "../network/http-answer.ts";
import { proxyFailure } from "../network/proxy-failures.ts";
import { retryAfterMilliseconds } from "../network/retry-after.ts";
import { isTlsFault, tlsFailure } from "../network/tls-failures.ts";
import { describeRegistryAnswer, registryErrorsOf } from "./registry-answer.ts";

/** The code for each fault of the network but TLS, on the way to a registry, its token endpoint or its storage. */
const codes = {
  "name-unknown": "registry-name-unknown",
  refused: "registry-refused",
  "timed-out": "registry-timeout",
  unreachable: "registry-unreachable",
  reset: "registry-reset",
  "not-http": "registry-not-spoken",
} as const satisfies Record<Exclude<ConnectionFault["kind"], "proxy">, Code>;

/**
 * The error for what went wrong on the way to a registry; what is thrown for another reason stays as it is.
 * @param endpoint the origin that was asked last: a registry redirects to its storage
 */
export function networkFailure(error: unknown, endpoint: string): unknown {
  const fault = findNetworkFault(error);
  if (!fault) return error;
  if (isTlsFault(fault)) return tlsFailure(fault, endpoint, "registry");
  if (fault.kind === "proxy") return proxyFailure(fault, endpoint);
  return problem(codes[fault.kind], { endpoint }, fault.detail);
}

/** What a request was about, for its errors. */
export interface RequestAbout {
  /** The origin that answered. */
  endpoint: string;
  /** `ghcr.io/acme/base:1` */
  image: string;
  /** Whether a login was sent. */
  withLogin: boolean;
  /** For a Retry-After that is a date. */
  now: Date;
}

/** The error for an answer that is none of success, whatever was asked; 404 means more only to the one who asked. */
export function answerFailure(answer: HttpAnswer, { endpoint, image, withLogin, now }: RequestAbout): RegistrarError {
  const { status, header } = answer;
  const why = describeRegistryAnswer(answer);
  const errors = registryErrorsOf(answer).map(({ code }) => code);
  if (status === 429) {
    return problem("registry-rate-limited", { endpoint }, why, retryAfterMilliseconds(header("retry-after"), now));
  }
  if (status >= 500 || status === 408 || status === 425) {
    const pause = retryAfterMilliseconds(header("retry-after"), now);
    return problem("registry-unavailable", { endpoint, status }, why, pause);
  }
  // A registry behind nginx may have a page with its challenge.
  if (status === 401 && (header("www-authenticate") !== undefined || errors.length > 0)) {
    return withLogin
      ? problem("registry-forbidden", { endpoint, image, withLogin }, why)
      : problem("registry-login-required", { endpoint, image }, why);
  }
  if (/^text\/html\b/i.test(header("content-type") ?? ""))
    return problem("registry-page-answered", { endpoint, status }, why);
  if (status === 403) return problem("registry-forbidden", { endpoint, image, withLogin }, why);
  if (errors.length === 0 && header("docker-distribution-api-version") === undefined)
    return problem("registry-not-spoken", { endpoint }, why);
  return problem("registry-rejected", { endpoint, image, status }, why);
}

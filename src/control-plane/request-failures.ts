import { Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import type { Code } from "../findings/catalog/catalog.ts";
import { describeCause } from "../findings/describe-cause.ts";
import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import { type ConnectionFault, findNetworkFault } from "../network/faults.ts";
import { proxyFailure } from "../network/proxy-failures.ts";
import { retryAfterMilliseconds } from "../network/retry-after.ts";
import { isTlsFault, tlsFailure } from "../network/tls-failures.ts";
import { findForeignAnswer } from "./foreign-answer.ts";
import { foreignFailure } from "./foreign-failures.ts";
import { isTooLarge, largestMessage } from "./message-limit.ts";

/** What a request was about, for its errors. */
export interface RequestContext {
  /** `https://union.example.com` */
  endpoint: string;
  /** The client id, or words for a caller that has none. */
  identity: string;
  /** In words that follow "may not": `read tasks in system/production`. */
  request: string;
  /** Whether a token was sent. */
  authenticated: boolean;
  /** Why there are no credentials, if the settings say. */
  whyNoLogin: string | undefined;
  /** For a Retry-After that is a date. */
  now: Date;
}

/** The code for each fault of the network but TLS, on the way to the control plane. */
const codes = {
  "name-unknown": "control-plane-name-unknown",
  refused: "control-plane-refused",
  "timed-out": "control-plane-timeout",
  unreachable: "control-plane-timeout",
  reset: "control-plane-reset",
  "not-http": "control-plane-not-spoken",
} as const satisfies Record<Exclude<ConnectionFault["kind"], "proxy">, Code>;

/** The error for what went wrong on the way to the control plane; nothing if it was not the network. */
export function networkFailure(error: unknown, endpoint: string): RegistrarError | undefined {
  const fault = findNetworkFault(error);
  if (!fault) return undefined;
  if (isTlsFault(fault)) return tlsFailure(fault, endpoint, "control plane");
  if (fault.kind === "proxy") return proxyFailure(fault, endpoint);
  return problem(codes[fault.kind], { endpoint }, fault.detail);
}

/** The error for what a Connect call threw. Callers handle `not_found` and `already_exists` first, by `answerOf`. */
export function requestFailure(error: unknown, context: RequestContext): RegistrarError {
  const { endpoint, identity, request } = context;
  const network = networkFailure(error, endpoint);
  if (network) return network;
  const foreign = findForeignAnswer(error);
  if (foreign) return foreignFailure(foreign, endpoint, context.now);
  if (!(error instanceof ConnectError)) return problem("internal-error", {}, error);
  if (isTooLarge(error))
    return problem(
      "control-plane-not-spoken",
      { endpoint },
      `its answer is larger than ${largestMessage / 2 ** 20} MiB`,
    );
  const why = `${ConnectCode[error.code]}: ${error.rawMessage}`;
  switch (error.code) {
    case ConnectCode.Unauthenticated:
      if (!context.authenticated)
        return problem("credentials-missing", { endpoint }, [why, context.whyNoLogin ?? []].flat().join("; "));
      return problem("credentials-refused", { endpoint, identity }, why);
    case ConnectCode.PermissionDenied:
      return problem("permission-denied", { endpoint, identity, request }, why);
    case ConnectCode.DeadlineExceeded:
      return problem("control-plane-timeout", { endpoint }, why);
    case ConnectCode.Unavailable:
    case ConnectCode.ResourceExhausted:
      return problem(
        "control-plane-unavailable",
        { endpoint },
        why,
        retryAfterMilliseconds(error.metadata.get("retry-after"), context.now),
      );
    case ConnectCode.Aborted:
    case ConnectCode.Canceled:
      return problem("control-plane-reset", { endpoint }, describeCause(error));
    case ConnectCode.InvalidArgument:
    case ConnectCode.FailedPrecondition:
    case ConnectCode.NotFound:
      return problem("control-plane-rejected", { endpoint, request }, why);
    case ConnectCode.Unimplemented:
      return problem("control-plane-not-spoken", { endpoint }, why);
    default:
      return problem("control-plane-failed", { endpoint }, why);
  }
}

/** Whether the request was refused for its token: a gateway that verifies tokens answers 401 without a Connect error. */
export function isUnauthenticated(error: unknown): boolean {
  if (findForeignAnswer(error)?.answer.status === 401) return true;
  return error instanceof ConnectError && error.code === ConnectCode.Unauthenticated;
}

import { Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import { describeCause, problem, type RegistrarError } from "../findings/registrar-error.ts";
import { CertificateError } from "../network/certificate.ts";
import { ProxyError } from "../network/connect-through-proxy.ts";

/** Whom and what a request was about, for its errors. */
export interface RequestContext {
  /** `https://union.example.com` */
  endpoint: string;
  /** The client id, or what stands for it. */
  identity: string;
  /** In words that go after "may not": `read tasks in system/production`. */
  request: string;
  /** Whether a token was sent. */
  authenticated: boolean;
  /** Why there is no log-in, where the settings tell. */
  whyNoLogIn?: string | undefined;
}

type NetworkCode =
  | "control-plane-name-unknown"
  | "control-plane-refused"
  | "control-plane-timeout"
  | "control-plane-reset"
  | "tls-not-spoken";

/** Codes of Node and OpenSSL, and what they mean to an operator. */
const networkCodes: readonly (readonly [pattern: RegExp, code: NetworkCode])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/, "control-plane-name-unknown"],
  [/^(ECONNREFUSED)$/, "control-plane-refused"],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/, "control-plane-timeout"],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|ERR_HTTP2_STREAM_ERROR|HPE_.*)$/, "control-plane-reset"],
  [/^(EPROTO|ERR_SSL_.*)$/, "tls-not-spoken"],
];

/**
 * What went wrong on the network, read from the codes along the chain of causes; nothing where it was not the network.
 */
export function networkFailure(error: unknown, endpoint: string): RegistrarError | undefined {
  for (const cause of causesOf(error)) {
    if (cause instanceof ProxyError) return problem("proxy-failed", { proxy: cause.proxy, endpoint }, cause);
    if (cause instanceof CertificateError) return problem(cause.fault, { endpoint, names: cause.names }, cause.message);
    if (cause.name === "TimeoutError") return problem("control-plane-timeout", { endpoint }, "no answer in time");
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    const match = networkCodes.find(([pattern]) => pattern.test(code));
    if (!match) continue;
    const message = describeCause(cause);
    return problem(match[1], { endpoint }, message.includes(code) ? message : `${message} (${code})`);
  }
  return undefined;
}

/** Turns what a Connect call threw into an error of ours. `not_found` and `already_exists` are answers; see `answerOf`. */
export function requestFailure(error: unknown, context: RequestContext): RegistrarError {
  const { endpoint, identity, request } = context;
  const network = networkFailure(error, endpoint);
  if (network) return network;
  if (!(error instanceof ConnectError)) return problem("internal-error", {}, error);
  const why = `${ConnectCode[error.code]}: ${error.rawMessage}`;
  switch (error.code) {
    case ConnectCode.Unauthenticated:
      if (!context.authenticated)
        return problem("credentials-missing", { endpoint }, [why, context.whyNoLogIn ?? []].flat().join("; "));
      return problem("credentials-refused", { endpoint, identity }, why);
    case ConnectCode.PermissionDenied:
      return problem("permission-denied", { endpoint, identity, request }, why);
    case ConnectCode.DeadlineExceeded:
      return problem("control-plane-timeout", { endpoint }, why);
    case ConnectCode.Unavailable:
    case ConnectCode.ResourceExhausted:
      return problem("control-plane-unavailable", { endpoint }, why, retryAfter(error));
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
      // A log-in page, or the way to one.
      if (/content[ -]type|^HTTP 3\d\d$/i.test(error.rawMessage)) {
        return problem("control-plane-not-spoken", { endpoint }, why);
      }
      if (/^HTTP 400$/.test(error.rawMessage) && endpoint.startsWith("http:")) {
        return problem("tls-expected", { endpoint }, why);
      }
      return problem("control-plane-failed", { endpoint }, why);
  }
}

/** The Connect code of an answer that is not a fault: the thing is not there, or is there already. */
export function answerOf(error: unknown): "not-found" | "already-exists" | "unimplemented" | undefined {
  if (!(error instanceof ConnectError)) return undefined;
  if (error.code === ConnectCode.NotFound) return "not-found";
  if (error.code === ConnectCode.AlreadyExists) return "already-exists";
  return error.code === ConnectCode.Unimplemented ? "unimplemented" : undefined;
}

/** Retry-After in milliseconds: seconds or an HTTP date, 0 where absent, never more than a minute. */
function retryAfter(error: ConnectError): number {
  const header = error.metadata.get("retry-after");
  if (header === null) return 0;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? 0 : Math.min(60_000, Math.max(0, milliseconds));
}

function* causesOf(error: unknown): Generator<Error> {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 6; depth++) {
    yield cause;
    if (cause instanceof AggregateError) yield* cause.errors.filter((inner) => inner instanceof Error);
    cause = cause.cause;
  }
}

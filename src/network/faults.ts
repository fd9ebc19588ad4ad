import { describeCause } from "../findings/describe-cause.ts";
import { ProxyError, type ProxyRefusal } from "./connect-through-proxy.ts";
import { type TlsFault, tlsFaultOf, withCode } from "./tls-faults.ts";

/**
 * What went wrong between this program and any server. Which error code that is, depends on the server: each peer has a
 * table of its own.
 */
export type NetworkFault = TlsFault | ConnectionFault;

/** What went wrong apart from TLS. */
export type ConnectionFault =
  | { kind: SocketFault | "not-http"; detail: string }
  | {
      kind: "proxy";
      detail: string;
      /** `http://proxy:3128` */
      proxy: string;
      /** Absent if the proxy answered nothing. */
      refusal: ProxyRefusal | undefined;
    };

type SocketFault = "name-unknown" | "refused" | "timed-out" | "unreachable" | "reset";

/** Codes of Node (libuv, llhttp, nghttp2); the first row that matches counts. `not-http`: the server sent something else. */
const kinds: readonly (readonly [pattern: RegExp, kind: SocketFault | "not-http"])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/, "name-unknown"],
  [/^ECONNREFUSED$/, "refused"],
  [/^ETIMEDOUT$/, "timed-out"],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EAFNOSUPPORT|ERR_IP_BLOCKED)$/, "unreachable"],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|ERR_STREAM_DESTROYED)$/, "reset"],
  [/^(ERR_HTTP2_(STREAM_ERROR|SESSION_ERROR|INVALID_SESSION|GOAWAY_SESSION)|HPE_INVALID_EOF_STATE)$/, "reset"],
  [/^(HPE_.*|ERR_HTTP2_ERROR)$/, "not-http"],
];

/** Finds what went wrong on the network in an error and its causes, outermost first; nothing if it was not the network. */
export function findNetworkFault(error: unknown, depth = 0): NetworkFault | undefined {
  if (!(error instanceof Error) || depth > 8) return undefined;
  return faultOfAttempts(error, depth) ?? ownFault(error) ?? findNetworkFault(error.cause, depth + 1);
}

/** Node tries all addresses of a name. One that this machine has no route to says less than one that answered. */
function faultOfAttempts(error: Error, depth: number): NetworkFault | undefined {
  if (!(error instanceof AggregateError)) return undefined;
  const faults = error.errors.flatMap((each) => findNetworkFault(each, depth + 1) ?? []);
  return faults.find(({ kind }) => kind !== "unreachable") ?? faults[0];
}

function ownFault(error: Error): NetworkFault | undefined {
  if (error instanceof ProxyError) return faultOfProxy(error);
  if (error.name === "TimeoutError") return { kind: "timed-out", detail: "no answer in time" };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const kind = kinds.find(([pattern]) => pattern.test(code))?.[1];
  return kind ? { kind, detail: withCode(describeCause(error), code) } : tlsFaultOf(error);
}

/** TLS with the proxy fails for the same reasons as TLS with a server; everything else is up to the proxy. */
function faultOfProxy(error: ProxyError): NetworkFault {
  const { cause, proxy, refusal } = error;
  const tls = cause instanceof Error ? tlsFaultOf(cause) : undefined;
  return tls ? { ...tls, proxy } : { kind: "proxy", detail: describeCause(error), proxy, refusal };
}

import { describeCause } from "../findings/describe-cause.ts";
import { CertificateError, type CertificateFault, certificateFaultOf } from "./certificate.ts";
import { ProxyError } from "./connect-through-proxy.ts";

/**
 * What went wrong between this program and any server. Which error code that is, depends on the server: each peer has a
 * table of its own.
 */
export type NetworkFault =
  | { kind: SocketFault | ProtocolFault; detail: string }
  | {
      kind: CertificateFault;
      detail: string;
      /** The names that the certificate is for; empty if they are not known. */
      names: string;
    }
  | {
      kind: "proxy";
      detail: string;
      /** `http://proxy:3128` */
      proxy: string;
    };

type SocketFault = "name-unknown" | "refused" | "timed-out" | "unreachable" | "reset";

/** `alert`: the server ended the TLS handshake. `not-tls` and `not-http`: it sent something else than TLS or HTTP. */
type ProtocolFault = "alert" | "not-tls" | "not-http";

/** Codes of Node (libuv, OpenSSL, llhttp, nghttp2); the first row that matches counts. */
const kinds: readonly (readonly [pattern: RegExp, kind: SocketFault | ProtocolFault])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/, "name-unknown"],
  [/^ECONNREFUSED$/, "refused"],
  [/^ETIMEDOUT$/, "timed-out"],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EAFNOSUPPORT)$/, "unreachable"],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|ERR_STREAM_DESTROYED)$/, "reset"],
  [/^(ERR_HTTP2_(STREAM_ERROR|SESSION_ERROR|INVALID_SESSION|GOAWAY_SESSION)|HPE_INVALID_EOF_STATE)$/, "reset"],
  [/^(HPE_.*|ERR_HTTP2_ERROR)$/, "not-http"],
  // OpenSSL names the alerts of a peer so, and nothing else: SSL_AD_REASON_OFFSET in its ssl.h.
  [/^ERR_SSL_(SSL\/TLS|SSLV3|TLSV1|TLSV13)_/, "alert"],
  [/^(EPROTO|ERR_SSL_.*)$/, "not-tls"],
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
  if (error instanceof ProxyError) return { kind: "proxy", detail: describeCause(error), proxy: error.proxy };
  if (error instanceof CertificateError) return { kind: error.fault, detail: error.message, names: error.names };
  if (error.name === "TimeoutError") return { kind: "timed-out", detail: "no answer in time" };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const certificateFault = certificateFaultOf(error);
  if (certificateFault) return { kind: certificateFault, detail: withCode(describeCause(error), code), names: "" };
  const kind = kinds.find(([pattern]) => pattern.test(code))?.[1];
  if (!kind) return undefined;
  const reason = openSslReason(error);
  if (reason === undefined) return { kind, detail: withCode(describeCause(error), code) };
  const alert = alertIn(reason);
  return alert === undefined
    ? { kind, detail: withCode(reason, code) }
    : { kind: "alert", detail: withCode(`the server sent the TLS alert "${alert}"`, code) };
}

function withCode(text: string, code: string): string {
  return text.includes(code) ? text : `${text} (${code})`;
}

/** `tlsv13 alert certificate required`: a field of the error, or a part of its message if the code is EPROTO. */
function openSslReason(error: Error): string | undefined {
  if ("reason" in error && typeof error.reason === "string") return error.reason;
  return /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
}

function alertIn(reason: string): string | undefined {
  return /^(?:ssl\/tls|sslv3|tlsv1|tlsv13) (?:alert )?(.+)$/.exec(reason)?.[1];
}

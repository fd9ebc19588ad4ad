import type { Code } from "../findings/catalog/catalog.ts";
import type { TlsServer } from "../findings/catalog/tls-codes.ts";
import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import type { NetworkFault } from "./faults.ts";
import type { TlsFault } from "./tls-faults.ts";

/** The code for each TLS fault, whichever server it is met at. */
const codes = {
  untrusted: "tls-untrusted",
  "incomplete-chain": "tls-chain-incomplete",
  "self-signed": "tls-self-signed",
  "wrong-host": "tls-wrong-host",
  "without-names": "tls-without-names",
  "not-valid-now": "tls-not-valid-now",
  unusable: "tls-certificate-unusable",
  "client-certificate": "tls-client-certificate",
  handshake: "tls-handshake-failed",
  "not-tls": "tls-not-spoken",
} as const satisfies Record<TlsFault["kind"], Code>;

/** Whether a fault is one of TLS. */
export function isTlsFault(fault: NetworkFault): fault is TlsFault {
  return Object.hasOwn(codes, fault.kind);
}

/**
 * The error for a TLS fault, which names the server that it was met at: the proxy's own TLS is the proxy's.
 * @param server the server at `endpoint`
 */
export function tlsFailure(fault: TlsFault, endpoint: string, server: TlsServer): RegistrarError {
  const { proxy, kind, names = "", issuer = "", alert, detail } = fault;
  const at = proxy === undefined ? { endpoint, server } : { endpoint: proxy, server: "proxy" as const };
  return problem(codes[kind], { ...at, names, issuer, ...(alert !== undefined && { alert }) }, detail);
}

import net from "node:net";
import tls from "node:tls";
import { checkNames } from "./certificate.ts";
import { waitForEvent } from "./connect-tcp.ts";
import type { Route } from "./route.ts";

/** What a TLS handshake offers and accepts. */
export interface TlsOptions extends Pick<Route, "skipVerify" | "certificateAuthorities"> {
  /** For ALPN, the preferred one first. */
  protocols: readonly string[];
}

/**
 * Starts TLS on an open connection. An IP address is checked against the certificate but not sent: RFC 6066 allows only
 * host names as server name (SNI).
 * @throws Node's and OpenSSL's own errors with their codes (DEPTH_ZERO_SELF_SIGNED_CERT, …), the signal's reason
 */
export function startTls(
  socket: net.Socket,
  hostname: string,
  { protocols, skipVerify, certificateAuthorities }: TlsOptions,
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const secured = tls.connect({
    socket,
    host: hostname,
    ALPNProtocols: [...protocols],
    rejectUnauthorized: !skipVerify,
    checkServerIdentity: checkNames,
    ...(net.isIP(hostname) === 0 && { servername: hostname }),
    ...(certificateAuthorities && { secureContext: contextFor(certificateAuthorities) }),
  });
  return waitForEvent(secured, "secureConnect", signal);
}

/** Reading all the CAs takes longer than a handshake, so it is done once. */
const contexts = new Map<string, tls.SecureContext>();

function contextFor(certificateAuthorities: string): tls.SecureContext {
  const context =
    contexts.get(certificateAuthorities) ??
    tls.createSecureContext({ ca: trustedCertificates(certificateAuthorities) });
  contexts.set(certificateAuthorities, context);
  return context;
}

/** The public CAs and the given ones: a private control plane may have a public identity provider. */
export function trustedCertificates(certificateAuthorities: string): string[] {
  return [...tls.getCACertificates("default"), certificateAuthorities];
}

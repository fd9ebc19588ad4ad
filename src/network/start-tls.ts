import net from "node:net";
import tls from "node:tls";
import { checkNames } from "./certificate.ts";
import { waitForEvent } from "./connect-tcp.ts";
import type { Route } from "./route.ts";
import { alertNumberOf, TlsAlert } from "./tls-alert.ts";

/** What a TLS handshake offers and accepts. */
export interface TlsOptions extends Pick<Route, "skipVerify" | "certificateAuthorities"> {
  /** For ALPN, the preferred one first. */
  protocols: readonly string[];
}

/**
 * Starts TLS on an open connection. An IP address is checked against the certificate but not sent: RFC 6066 allows only
 * host names as server name (SNI).
 * An intermediate CA is enough to be trusted, as for the flyte CLI and kubectl: OpenSSL would require its root too.
 * @throws TlsAlert, Node's and OpenSSL's own errors with their codes (DEPTH_ZERO_SELF_SIGNED_CERT, …), the signal's reason
 */
export async function startTls(
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
    ...(certificateAuthorities
      ? { secureContext: contextFor(certificateAuthorities) }
      : { allowPartialTrustChain: true }),
  });
  try {
    return await waitForEvent(secured, "secureConnect", signal);
  } catch (error) {
    if (!(error instanceof Error) || alertNumberOf(error) === undefined) throw error;
    throw new TlsAlert(secured.getPeerX509Certificate() !== undefined, error);
  }
}

/** Reading all the CAs takes longer than a handshake, so it is done once. */
const contexts = new Map<string, tls.SecureContext>();

function contextFor(certificateAuthorities: string): tls.SecureContext {
  const context =
    contexts.get(certificateAuthorities) ??
    tls.createSecureContext({ ca: trustedCertificates(certificateAuthorities), allowPartialTrustChain: true });
  contexts.set(certificateAuthorities, context);
  return context;
}

/**
 * The public CAs and the given ones: a private control plane may have a public identity provider.
 * @param certificateAuthorities PEM with nothing but certificates
 * @returns PEM, one certificate each
 */
export function trustedCertificates(certificateAuthorities = ""): string[] {
  const given = certificateAuthorities.split(/(?<=-----END CERTIFICATE-----\n)/).filter((pem) => pem !== "");
  return [...tls.getCACertificates("default"), ...given];
}

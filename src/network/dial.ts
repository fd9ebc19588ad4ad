import type net from "node:net";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { certificateError, certificateFaultOf } from "./certificate.ts";
import { connectTcp } from "./connect-tcp.ts";
import { connectThroughProxy } from "./connect-through-proxy.ts";
import type { Endpoint } from "./endpoint.ts";
import { proxyFor, type Route } from "./route.ts";
import { startTls, trustedCertificates } from "./start-tls.ts";

/** An open connection and the HTTP version that it speaks. */
export interface Connection {
  socket: net.Socket;
  protocol: "h2" | "http/1.1";
}

/**
 * Connects to a server of HTTP: through the proxy if one applies (by CONNECT, also for plain HTTP), then TLS unless
 * the endpoint is insecure, with the HTTP version that the server chooses. The API and the token endpoint both connect
 * here, so what works for one works for the other.
 * @throws Node's own errors with their codes (ECONNREFUSED, …), CertificateError, TlsAlert, ProxyError, the signal's reason
 */
export async function dial(
  endpoint: Endpoint,
  route: Route,
  protocols: readonly Connection["protocol"][],
  { clock, signal: outer }: { clock: Clock; signal: AbortSignal },
): Promise<Connection> {
  const signal = AbortSignal.any([outer, clock.timeout(deadlines.connect.milliseconds)]);
  const socket = await connect(endpoint, route, signal);
  if (endpoint.insecure) return { socket, protocol: "http/1.1" };
  try {
    const secured = await startTls(socket, endpoint.hostname, { ...route, protocols }, signal);
    return { socket: secured, protocol: secured.alpnProtocol === "h2" ? "h2" : "http/1.1" };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const fault = certificateFaultOf(error);
    if (!fault) throw error;
    const certificate = await readCertificate(endpoint, route, signal);
    const trusted = trustedCertificates(route.certificateAuthorities);
    throw certificateError(fault, { certificate, hostname: endpoint.hostname, trusted }, clock.date(), error);
  }
}

/**
 * Opens a TCP connection to the endpoint, through the proxy if one applies.
 * @throws Node's own errors with their codes (ECONNREFUSED, …), ProxyError, the signal's reason
 */
export async function connect(endpoint: Endpoint, route: Route, signal: AbortSignal): Promise<net.Socket> {
  const proxy = proxyFor(endpoint, route);
  const socket = proxy ? await connectThroughProxy(proxy, endpoint, route, signal) : await connectTcp(endpoint, signal);
  return socket.setNoDelay(true);
}

/** The certificate that was refused, from a second handshake; nothing is sent over that connection. */
async function readCertificate(endpoint: Endpoint, route: Route, signal: AbortSignal) {
  try {
    const socket = await connect(endpoint, route, signal);
    const secured = await startTls(socket, endpoint.hostname, { ...route, protocols: [], skipVerify: true }, signal);
    const certificate = secured.getPeerX509Certificate();
    secured.destroy();
    return certificate;
  } catch {
    // The first error is reported as it is.
    return undefined;
  }
}

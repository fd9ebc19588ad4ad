import http from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { checkNames, explain, faultOf } from "./certificate.ts";
import type { Endpoint } from "./endpoint.ts";
import { bypassesProxy } from "./proxy.ts";

/** How connections are made: what is trusted, and through which proxy. */
export interface Route {
  /** Accept any server certificate. */
  skipVerify: boolean;
  /** PEM of CAs to trust in addition to the public ones. */
  certificateAuthorities: string | undefined;
  proxy: URL | undefined;
  /** Hosts that are reached without the proxy, as in NO_PROXY. */
  noProxy: string;
}

/** An open connection and the HTTP version that it speaks. */
export interface Connection {
  socket: net.Socket;
  protocol: "h2" | "http/1.1";
}

/** How long one attempt to connect may take, TLS and proxy included. */
const connectMilliseconds = 10_000;

/** The proxy did not open the way. Its user name and password are not in the message. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  /** `http://proxy:3128` */
  readonly proxy: string;

  constructor(proxy: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.proxy = proxy;
  }
}

/**
 * Connects: through the proxy where one applies (by CONNECT, whatever the scheme), then TLS unless insecure, choosing
 * HTTP/2 where the server offers it. One place for both the API and the token endpoint, so what works for one works for
 * the other.
 * @throws Node's own errors with their codes (ECONNREFUSED, EPROTO, …), CertificateError, ProxyError, the signal's reason
 */
export async function dial(
  endpoint: Endpoint,
  route: Route,
  protocols: readonly Connection["protocol"][],
  runSignal: AbortSignal,
): Promise<Connection> {
  const signal = AbortSignal.any([runSignal, AbortSignal.timeout(connectMilliseconds)]);
  const socket = await reach(endpoint, route, signal);
  if (endpoint.insecure) return { socket, protocol: "http/1.1" };
  const secured = secure(socket, endpoint, protocols, route);
  try {
    await opened(secured, "secureConnect", signal);
  } catch (error) {
    const fault = faultOf(error);
    if (!fault || !(error instanceof Error)) throw error;
    throw explain(fault, await servedCertificate(endpoint, route, signal), endpoint.host, new Date(), error);
  }
  return { socket: secured, protocol: secured.alpnProtocol === "h2" ? "h2" : "http/1.1" };
}

/** A TCP connection to the endpoint, through the proxy where one applies. */
export async function reach(endpoint: Endpoint, { proxy, noProxy }: Route, signal: AbortSignal): Promise<net.Socket> {
  const host = endpoint.host.replace(/^\[|\]$/g, "");
  const socket =
    proxy && !bypassesProxy(endpoint, noProxy)
      ? await connectThrough(proxy, endpoint, signal)
      : await opened(net.connect({ host, port: endpoint.port }), "connect", signal);
  return socket.setNoDelay(true);
}

function secure(
  socket: net.Socket,
  { host }: Endpoint,
  protocols: readonly string[],
  { skipVerify, certificateAuthorities }: Pick<Route, "skipVerify" | "certificateAuthorities">,
): tls.TLSSocket {
  return tls.connect({
    ...{
      socket,
      host,
      ALPNProtocols: [...protocols],
      rejectUnauthorized: !skipVerify,
      checkServerIdentity: checkNames,
    },
    ...(net.isIP(host) === 0 && { servername: host }),
    ...(certificateAuthorities && { secureContext: contextOf(certificateAuthorities) }),
  });
}

/** The certificate that was refused: a second handshake looks at it, over which nothing is sent. */
async function servedCertificate(endpoint: Endpoint, route: Route, signal: AbortSignal) {
  try {
    const socket = await reach(endpoint, route, signal);
    const looking = secure(socket, endpoint, [], { ...route, skipVerify: true });
    await opened(looking, "secureConnect", signal);
    const certificate = looking.getPeerX509Certificate();
    looking.destroy();
    return certificate;
  } catch {
    // The first error stands as it is.
    return undefined;
  }
}

/** Reading all the authorities takes longer than the handshake itself, so it is done once. */
const contexts = new Map<string, tls.SecureContext>();

function contextOf(certificateAuthorities: string): tls.SecureContext {
  const context =
    contexts.get(certificateAuthorities) ?? tls.createSecureContext({ ca: trusted(certificateAuthorities) });
  contexts.set(certificateAuthorities, context);
  return context;
}

/** The public authorities and the given ones: a private control plane may well have a public identity provider. */
export function trusted(certificateAuthorities: string): string[] {
  return [...tls.getCACertificates("default"), certificateAuthorities];
}

function connectThrough(proxy: URL, endpoint: Endpoint, signal: AbortSignal): Promise<net.Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<net.Socket>();
  const target = `${endpoint.host}:${endpoint.port}`;
  const userInfo = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization = `Basic ${Buffer.from(userInfo).toString("base64")}`;
  const request = (proxy.protocol === "https:" ? https : http).request({
    host: proxy.hostname,
    port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
    method: "CONNECT",
    path: target,
    agent: false,
    signal,
    headers: { host: target, ...(proxy.username && { "proxy-authorization": authorization }) },
  });
  request.once("connect", (response, socket: net.Socket) => {
    if (response.statusCode === 200) return resolve(socket);
    socket.destroy();
    reject(new ProxyError(proxy.origin, `the proxy answers ${response.statusCode} ${response.statusMessage}`));
  });
  request.once("response", (response) => {
    response.destroy();
    reject(
      new ProxyError(proxy.origin, `the proxy answers ${response.statusCode} ${response.statusMessage} to CONNECT`),
    );
  });
  request.once("error", (cause) =>
    reject(signal.aborted ? signal.reason : new ProxyError(proxy.origin, cause.message, { cause })),
  );
  request.end();
  return promise;
}

/** Waits for a socket's event, its error or the signal, whichever is first; a socket that is not returned is closed. */
function opened<S extends net.Socket>(socket: S, event: "connect" | "secureConnect", signal: AbortSignal): Promise<S> {
  const { promise, resolve, reject } = Promise.withResolvers<S>();
  const abort = () => fail(signal.reason);
  const closed = () => fail(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));
  const fail = (reason: unknown) => {
    settle();
    socket.on("error", () => {}); // what a closing socket says after the first error adds nothing
    socket.destroy();
    reject(reason);
  };
  const succeed = () => {
    settle();
    resolve(socket);
  };
  const settle = () => {
    socket.off(event, succeed).off("error", fail).off("close", closed);
    signal.removeEventListener("abort", abort);
  };
  socket.on(event, succeed).on("error", fail).on("close", closed);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort);
  return promise;
}

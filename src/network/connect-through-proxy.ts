import http from "node:http";
import type net from "node:net";
import type { Address } from "./address.ts";
import { connectTcp } from "./connect-tcp.ts";
import type { HttpProxy, Route } from "./route.ts";
import { startTls } from "./start-tls.ts";

/** The proxy opened no tunnel. Its user name and password are not in the message. */
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
 * Opens a tunnel through a proxy by CONNECT (RFC 9110, 9.3.6). An https proxy must show a certificate of a trusted CA.
 * @throws ProxyError, the signal's reason
 */
export async function connectThroughProxy(
  proxy: HttpProxy,
  target: Address,
  { certificateAuthorities }: Pick<Route, "certificateAuthorities">,
  signal: AbortSignal,
): Promise<net.Socket> {
  try {
    const tcp = await connectTcp(proxy, signal);
    if (proxy.url.protocol === "http:") return await openTunnel(tcp, proxy, target, signal);
    const options = { protocols: ["http/1.1"], skipVerify: false, certificateAuthorities };
    return await openTunnel(await startTls(tcp, proxy.hostname, options, signal), proxy, target, signal);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof ProxyError || !(cause instanceof Error)) throw cause;
    throw new ProxyError(proxy.url.origin, cause.message, { cause });
  }
}

function openTunnel(
  connection: net.Socket,
  { url }: HttpProxy,
  { authority }: Address,
  signal: AbortSignal,
): Promise<net.Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<net.Socket>();
  const userInfo = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization = `Basic ${Buffer.from(userInfo).toString("base64")}`;
  const request = http.request({
    createConnection: () => connection,
    method: "CONNECT",
    path: authority,
    signal,
    headers: { host: authority, ...(url.username && { "proxy-authorization": authorization }) },
  });
  const refuse = ({ statusCode, statusMessage }: http.IncomingMessage, method = "") =>
    reject(new ProxyError(url.origin, `the proxy answers ${statusCode} ${statusMessage}${method}`));
  request.once("connect", (response, socket: net.Socket) => {
    if (response.statusCode === 200) return resolve(socket);
    socket.destroy();
    refuse(response);
  });
  request.once("response", (response) => {
    response.destroy();
    refuse(response, " to CONNECT");
  });
  request.once("error", reject);
  request.end();
  return promise;
}

import http from "node:http";
import type net from "node:net";
import { hasErrorName } from "../findings/error-name.ts";
import type { Address } from "./address.ts";
import { readBodyStart } from "./body-start.ts";
import { connectTcp } from "./connect-tcp.ts";
import { describeAnswer, type HttpAnswer } from "./http-answer.ts";
import { type HttpProxy, proxyCredentials, type Route } from "./route.ts";
import { startTls } from "./start-tls.ts";

/** What a proxy answered that opened no tunnel. */
export interface ProxyRefusal {
  answer: HttpAnswer;
  /** Whether a user name and a password were sent. */
  withCredentials: boolean;
}

/** The proxy opened no tunnel. Its user name and password are not in the message. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  static override [Symbol.hasInstance] = hasErrorName("ProxyError");
  /** `http://proxy:3128` */
  readonly proxy: string;
  /** Absent if the proxy answered nothing. */
  readonly refusal: ProxyRefusal | undefined;

  constructor(proxy: string, message: string, { refusal, cause }: { refusal?: ProxyRefusal; cause?: unknown } = {}) {
    super(message, { cause });
    this.proxy = proxy;
    this.refusal = refusal;
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
    if (cause instanceof ProxyError) throw cause;
    if (signal.aborted) throw signal.reason;
    if (!(cause instanceof Error)) throw cause;
    throw new ProxyError(proxy.url.origin, cause.message, { cause });
  }
}

async function openTunnel(
  connection: net.Socket,
  { url }: HttpProxy,
  { authority }: Address,
  signal: AbortSignal,
): Promise<net.Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<[http.IncomingMessage, net.Socket, Buffer]>();
  const authorization = proxyCredentials(url)?.authorization;
  const request = http.request({
    createConnection: () => connection,
    method: "CONNECT",
    path: authority,
    signal,
    headers: { host: authority, ...(authorization && { "proxy-authorization": authorization }) },
  });
  // Node takes every answer to CONNECT for that of a tunnel, whatever its status.
  request.once("connect", (response, socket: net.Socket, head) => resolve([response, socket, head]));
  request.once("error", reject);
  request.end();
  const [{ statusCode: status = 0, headers }, socket, head] = await promise;
  if (status >= 200 && status < 300) return socket;
  const body = await readBodyStart(socket, head, headers, signal);
  socket.destroy();
  const answer: HttpAnswer = { status, header: (name) => headers[name]?.toString(), body };
  const refusal = { answer, withCredentials: authorization !== undefined };
  throw new ProxyError(url.origin, `the proxy answers ${describeAnswer(answer)}`, { refusal });
}

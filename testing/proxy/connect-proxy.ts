import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, isIPv6, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { addressOf } from "../../src/network/address.ts";
import type { ServerCertificate } from "../control-plane/listener.ts";
import { type ProxyAnswerName, proxyAnswers, serialize } from "./proxy-answers.ts";

/** What a forward proxy asks for. */
export interface ProxyOptions {
  readonly username?: string;
  readonly password?: string;
  /** What every CONNECT is answered. */
  readonly refuse?: ProxyAnswerName;
  /** Where hosts are, by `host:port`: servers of a test under the names of others. */
  readonly places?: Readonly<Record<string, string>>;
  /** An address of this machine; the loopback one unless told otherwise. */
  readonly address?: string;
  /** Makes it an https proxy. */
  readonly tls?: ServerCertificate;
}

/** A running forward proxy. `await using` stops it at the end of a block. */
export interface ForwardProxy extends AsyncDisposable {
  /** Without the credentials. */
  readonly url: string;
  /** The host:port of each CONNECT that arrived, let through or not. */
  readonly connections: readonly string[];
  stop(): Promise<void>;
}

function isAuthorized({ headers }: IncomingMessage, { username, password = "" }: ProxyOptions): boolean {
  if (username === undefined) return true;
  const credentials = Buffer.from(`${username}:${password}`).toString("base64");
  return headers["proxy-authorization"] === `Basic ${credentials}`;
}

/** RFC 9112, 3.2.3: CONNECT names host and port, and the Host header is the same. */
function isWellFormed({ url = "", headers, httpVersion }: IncomingMessage): boolean {
  return httpVersion === "1.1" && /^[^/]+:\d+$/.test(url) && headers.host === url;
}

/**
 * Starts a proxy on the loopback interface that tunnels by CONNECT, and does nothing else. It answers as Squid does, which
 * is the strictest of those that were measured: a connection stays open after what it refuses, so its body ends by length.
 * Squid's own configuration also refuses CONNECT to other ports than 443, which no test could then use.
 */
export async function startProxy(options: ProxyOptions = {}): Promise<ForwardProxy> {
  const connections: string[] = [];
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.once("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  };

  const { address = "localhost", tls } = options;
  const { status, headers, body } = proxyAnswers["squid-invalid"];
  const forbid: RequestListener = (_, response) =>
    response.writeHead(status, { ...headers, connection: "close" }).end(body);
  const server = tls ? createHttpsServer({ cert: tls.certificatePem, key: tls.keyPem }, forbid) : createServer(forbid);
  server.on("connection", track);
  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = request.url ?? "";
    connections.push(target);
    const answer = (name: ProxyAnswerName) => {
      const { keepsAlive } = proxyAnswers[name];
      client.write(serialize(proxyAnswers[name]));
      if (!keepsAlive) client.end();
    };
    if (!isWellFormed(request)) return answer("squid-invalid");
    if (options.refuse !== undefined) return answer(options.refuse);
    if (!isAuthorized(request, options)) return answer("squid-login");
    const { hostname, port } = addressOf(new URL(`http://${options.places?.[target] ?? target}`));
    const upstream = track(connect(port, hostname));
    const refuse = () => answer("squid-refused");
    upstream.once("connect", () => {
      upstream.off("error", refuse);
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.once("error", refuse);
    client.once("close", () => upstream.destroy());
  });
  server.listen(0, options.address ?? "127.0.0.1");
  await once(server, "listening");

  const stop = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  return {
    url: `${tls ? "https" : "http"}://${isIPv6(address) ? `[${address}]` : address}:${(server.address() as AddressInfo).port}`,
    connections,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

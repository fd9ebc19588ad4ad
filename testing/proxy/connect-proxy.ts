import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, isIPv6, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { addressOf } from "../../src/network/address.ts";
import type { ServerCertificate } from "../control-plane/listener.ts";

/** What a forward proxy asks for; a status in `refuse` is answered to every CONNECT. */
export interface ProxyOptions {
  readonly username?: string;
  readonly password?: string;
  readonly refuse?: number;
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

function refuse(client: Duplex, status: number): void {
  const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : "";
  client.end(`HTTP/1.1 ${status} Refused\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}

/** Starts a proxy on the loopback interface that tunnels by CONNECT, and does nothing else. */
export async function startProxy(options: ProxyOptions = {}): Promise<ForwardProxy> {
  const connections: string[] = [];
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.once("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  };

  const { address = "localhost", tls } = options;
  const forbid: RequestListener = (_, response) => response.writeHead(405).end();
  const server = tls ? createHttpsServer({ cert: tls.certificatePem, key: tls.keyPem }, forbid) : createServer(forbid);
  server.on("connection", track);
  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = request.url ?? "";
    connections.push(target);
    if (options.refuse !== undefined) return refuse(client, options.refuse);
    if (!isAuthorized(request, options)) return refuse(client, 407);
    const { hostname, port } = addressOf(new URL(`http://${target}`));
    const upstream = track(connect(port, hostname));
    upstream.once("connect", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.once("error", () => refuse(client, 502));
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

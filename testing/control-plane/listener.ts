import { once } from "node:events";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, isIPv6, type Server, type Socket } from "node:net";
import type { NodeHandlerFn } from "./node-http.ts";

/** A server certificate with its chain, and its key. */
export interface ServerCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Which HTTP versions a TLS listener negotiates. Without TLS it is always HTTP/1.1. */
export type HttpVersions = "both" | "http/1.1" | "h2";

/** What a listener serves, and where. */
export interface ListenerOptions {
  readonly handle: NodeHandlerFn;
  /** An address of this machine that others reach; the loopback one unless told otherwise. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly tls?: ServerCertificate | undefined;
  readonly httpVersions?: HttpVersions | undefined;
}

/** An HTTP(S) server that can refuse connections for a while. */
export interface Listener {
  readonly url: string;
  /** Destroys every socket and stops listening: connections are refused until `reopen`. */
  close(): Promise<void>;
  /** Listens on the same port again. */
  reopen(): Promise<void>;
}

function createHttpServer({ handle, tls, httpVersions = "both" }: ListenerOptions): Server {
  if (tls === undefined) return createServer(handle);
  const credentials = { cert: tls.certificatePem, key: tls.keyPem };
  if (httpVersions === "http/1.1") return createHttpsServer(credentials, handle);
  return createSecureServer({ ...credentials, allowHTTP1: httpVersions === "both" }, handle);
}

/** Starts an HTTP(S) server, on the loopback interface and a random port unless told otherwise. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const server = createHttpServer(options);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  const open = async (port: number): Promise<number> => {
    server.listen(port, options.address ?? "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await open(options.port ?? 0);
  const { address = "localhost" } = options;

  return {
    url: `${options.tls === undefined ? "http" : "https"}://${isIPv6(address) ? `[${address}]` : address}:${port}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async reopen() {
      if (!server.listening) await open(port);
    },
  };
}

import type { Interceptor, Transport } from "@connectrpc/connect";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { createTransport } from "@connectrpc/connect/protocol-connect";
import { compressionBrotli, compressionGzip, createNodeHttpClient } from "@connectrpc/connect-node";
import { dial } from "../network/dial.ts";
import { createDialingAgent } from "../network/dialing-agent.ts";
import type { Endpoint } from "../network/endpoint.ts";
import type { Route } from "../network/route.ts";
import type { Clock } from "../system/clock.ts";
import { startHttp2 } from "./http2-session.ts";
import { largestMessage } from "./message-limit.ts";
import { throwForeignAnswers } from "./throw-foreign-answers.ts";

/** A transport that can be closed, so that it neither keeps the process alive nor is reused by the next attempt. */
export interface OpenTransport {
  transport: Transport;
  close(): void;
}

/**
 * Of a message, compressed or not: what servers and clients of gRPC in Go take unless told otherwise. The library's own 4 GiB would
 * let a server end a pod for its memory. The other two are its defaults, which only its ready-made transports set: those hide the
 * bodies of foreign answers.
 */
const limits = { compressMinBytes: 1_024, readMaxBytes: largestMessage, writeMaxBytes: 0xffffffff };

/**
 * Opens a connection to the control plane for the Connect protocol, over HTTP/2 or HTTP/1.1 as the server chooses.
 * Concurrent requests over HTTP/1.1 need more connections, which are dialed in the same way. Its calls fail with a
 * ForeignAnswer among their causes if something else than a control plane answers.
 * @throws what `dial` throws
 */
export async function openTransport(
  endpoint: Endpoint,
  route: Route,
  interceptors: Interceptor[],
  { clock, attempt, run }: { clock: Clock; attempt: AbortSignal; run: AbortSignal },
): Promise<OpenTransport> {
  const first = await dial(endpoint, route, ["h2", "http/1.1"], { clock, signal: attempt });
  const over = (httpClient: UniversalClientFn): Transport =>
    createTransport({
      ...limits,
      baseUrl: endpoint.url,
      httpClient: throwForeignAnswers(httpClient),
      useBinaryFormat: true,
      interceptors,
      acceptCompression: [compressionGzip, compressionBrotli],
      sendCompression: null,
    });
  if (first.protocol === "h2") {
    const session = startHttp2(endpoint, first.socket);
    return {
      transport: over(createNodeHttpClient({ httpVersion: "2", sessionProvider: () => session })),
      close: () => session.close(),
    };
  }
  const agent = createDialingAgent(endpoint, () => dial(endpoint, route, ["http/1.1"], { clock, signal: run }), first);
  return {
    transport: over(createNodeHttpClient({ httpVersion: "1.1", nodeOptions: { agent } })),
    close: () => {
      agent.destroy();
      first.socket.destroy();
    },
  };
}

import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { dial } from "../network/dial.ts";
import { createDialingAgent } from "../network/dialing-agent.ts";
import type { Endpoint } from "../network/endpoint.ts";
import type { Route } from "../network/route.ts";
import type { Clock } from "../system/clock.ts";
import { startHttp2 } from "./http2-session.ts";

/** A transport that can be closed, so that it neither keeps the process alive nor is reused by the next attempt. */
export interface OpenTransport {
  transport: Transport;
  close(): void;
}

/**
 * Opens a connection to the control plane for the Connect protocol, over HTTP/2 or HTTP/1.1 as the server chooses.
 * Concurrent requests over HTTP/1.1 need more connections, which are dialed in the same way.
 * @throws what `dial` throws
 */
export async function openTransport(
  endpoint: Endpoint,
  route: Route,
  interceptors: Interceptor[],
  { clock, attempt, run }: { clock: Clock; attempt: AbortSignal; run: AbortSignal },
): Promise<OpenTransport> {
  const first = await dial(endpoint, route, ["h2", "http/1.1"], { clock, signal: attempt });
  const common = { baseUrl: endpoint.url, useBinaryFormat: true, interceptors };
  if (first.protocol === "h2") {
    const sessionManager = startHttp2(endpoint, first.socket);
    return {
      transport: createConnectTransport({ ...common, httpVersion: "2", sessionManager }),
      close: () => sessionManager.close(),
    };
  }
  const agent = createDialingAgent(endpoint, () => dial(endpoint, route, ["http/1.1"], { clock, signal: run }), first);
  return {
    transport: createConnectTransport({ ...common, httpVersion: "1.1", nodeOptions: { agent } }),
    close: () => {
      agent.destroy();
      first.socket.destroy();
    },
  };
}

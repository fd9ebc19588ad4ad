import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Connection } from "./dial.ts";
import type { Endpoint } from "./endpoint.ts";

/**
 * Makes a Node agent whose connections come from `dial`; the first one may be open already. They have TLS by then: http or
 * https only decides for which requests Node accepts the agent.
 */
export function createDialingAgent(
  endpoint: Endpoint,
  dial: () => Promise<Connection>,
  first?: Connection,
): http.Agent {
  const agent = new (endpoint.insecure ? http : https).Agent({ keepAlive: true });
  let ready = first;
  agent.createConnection = (_options, callback) => {
    const connection = ready;
    ready = undefined;
    if (connection && !connection.socket.destroyed) return connection.socket;
    dial().then(
      ({ socket }) => callback?.(null, socket),
      // Node ignores the socket if there is an error, but the type requires one.
      (error: unknown) => callback?.(error instanceof Error ? error : new Error(String(error)), new net.Socket()),
    );
    return undefined;
  };
  return agent;
}

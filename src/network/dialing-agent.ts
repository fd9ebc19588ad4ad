import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Connection } from "./dial.ts";
import type { Endpoint } from "./endpoint.ts";

/**
 * A Node agent whose connections come from `dial`, the first one perhaps made already. TLS is done by then; the scheme
 * decides only which requests Node lets the agent be used for.
 */
export function dialingAgent(endpoint: Endpoint, dial: () => Promise<Connection>, first?: Connection): http.Agent {
  const agent = new (endpoint.insecure ? http : https).Agent({ keepAlive: true });
  let ready = first;
  agent.createConnection = (_options, callback) => {
    const connection = ready;
    ready = undefined;
    if (connection && !connection.socket.destroyed) return connection.socket;
    dial().then(
      ({ socket }) => callback?.(null, socket),
      // Node looks at the socket only where there is no error, but its type wants one.
      (error: unknown) => callback?.(error instanceof Error ? error : new Error(String(error)), new net.Socket()),
    );
    return undefined;
  };
  return agent;
}

import http from "node:http";
import https from "node:https";
import { type Connection, dial } from "../network/dial.ts";
import { createDialingAgent } from "../network/dialing-agent.ts";
import { parseEndpoint } from "../network/endpoint.ts";
import type { Route } from "../network/route.ts";
import type { Clock } from "../system/clock.ts";
import { abortable } from "./abortable.ts";

/** One HTTP request. */
export interface HttpRequest {
  method: "GET" | "HEAD" | "POST";
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** Of a POST. */
  body?: string;
}

/** Sends requests over connections that are kept: one set for each origin, so that many requests dial once. */
export interface OriginConnections {
  /**
   * Sends a request and waits for the head of the answer. The signal also ends the body.
   * @throws what `dial` throws, Node's own errors of HTTP, the signal's reason
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<http.IncomingMessage>;
  /** Ends all connections. */
  close(): void;
}

/** Creates connections to any origins, which are dialed as the API of the control plane is. */
export function createOriginConnections(route: Route, clock: Clock): OriginConnections {
  const closed = new AbortController();
  const agents = new Map<string, http.Agent>();

  const agentOf = ({ origin, protocol }: URL): http.Agent => {
    const known = agents.get(origin);
    if (known) return known;
    const endpoint = parseEndpoint(origin, protocol === "http:");
    if (typeof endpoint === "string") throw new TypeError(`the address ${origin} ${endpoint}`);
    // A connection serves later requests too, so the signal of the first one does not end it.
    const open = (): Promise<Connection> => dial(endpoint, route, ["http/1.1"], { clock, signal: closed.signal });
    const agent = createDialingAgent(endpoint, open);
    agents.set(origin, agent);
    return agent;
  };

  const sendOnce = ({ method, url, headers, body }: HttpRequest, signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage | "stale">();
    const options = { method, headers, agent: agentOf(url), signal };
    const request = (url.protocol === "http:" ? http : https).request(url, options, resolve);
    request.once("error", (error) => {
      if (signal.aborted) reject(signal.reason);
      else if (request.reusedSocket && method !== "POST" && "code" in error && error.code === "ECONNRESET")
        resolve("stale");
      else reject(error);
    });
    request.end(body);
    return promise;
  };

  return {
    async send(request, outer) {
      const signal = AbortSignal.any([outer, closed.signal]);
      // The server may close a kept connection at the moment of the next request. There may be several of these.
      for (;;) {
        signal.throwIfAborted();
        // Until there is a connection, Node reports no end by the signal.
        const answer = await abortable(sendOnce(request, signal), signal);
        if (answer !== "stale") return answer;
      }
    },
    close() {
      closed.abort();
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

import http from "node:http";
import https from "node:https";
import { buffer } from "node:stream/consumers";
import type { Clock } from "../system/clock.ts";
import { dial } from "./dial.ts";
import { dialingAgent } from "./dialing-agent.ts";
import { parseEndpoint } from "./endpoint.ts";
import type { Route } from "./route.ts";

/** What the OAuth library asks of a fetch. */
export interface FetchOptions {
  method: string;
  headers: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/**
 * A `fetch` over the same connections as the API: same authorities, same proxy. Node's own fetch knows neither, and the
 * library behind it costs 60 ms at start. No redirects: a token endpoint does not redirect a POST.
 */
export function fetchOver(route: Route, { clock, signal: outer }: { clock: Clock; signal: AbortSignal }) {
  return async (url: string, options: FetchOptions): Promise<Response> => {
    const { origin, protocol } = new URL(url);
    const endpoint = parseEndpoint(origin, protocol === "http:");
    if (typeof endpoint === "string") throw new TypeError(`the address ${url} ${endpoint}`);
    const signal = options.signal ? AbortSignal.any([outer, options.signal]) : outer;
    const agent = dialingAgent(endpoint, () => dial(endpoint, route, ["http/1.1"], { clock, signal }));
    try {
      const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
      const { method, headers, body } = options;
      const request = (endpoint.insecure ? http : https).request(url, { method, headers, agent, signal }, resolve);
      request.once("error", reject);
      request.end(body === undefined || body === null ? undefined : String(body));
      const response = await promise;
      const content = await buffer(response);
      const fields = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as [string, string]);
      return new Response(content.length === 0 ? null : new Uint8Array(content), {
        status: response.statusCode ?? 500,
        headers: fields,
      });
    } finally {
      agent.destroy();
    }
  };
}

import http from "node:http";
import https from "node:https";
import { buffer } from "node:stream/consumers";
import type { Clock } from "../system/clock.ts";
import { dial } from "./dial.ts";
import { createDialingAgent } from "./dialing-agent.ts";
import { parseEndpoint } from "./endpoint.ts";
import type { Route } from "./route.ts";

/** The part of RequestInit that the OAuth library uses. */
export interface FetchOptions {
  method: string;
  headers: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/**
 * Makes a `fetch` that connects as the API does, with the same CAs and the same proxy. Node's own fetch supports neither,
 * and the library behind it costs 60 ms at start. Redirects are not followed: a token endpoint does not redirect a POST.
 * The fetch throws what `dial` throws and Node's own errors of HTTP.
 */
export function createFetch(route: Route, { clock, signal: outer }: { clock: Clock; signal: AbortSignal }) {
  return async (url: string, options: FetchOptions): Promise<Response> => {
    const { origin, protocol } = new URL(url);
    const endpoint = parseEndpoint(origin, protocol === "http:");
    if (typeof endpoint === "string") throw new TypeError(`the address ${url} ${endpoint}`);
    const signal = options.signal ? AbortSignal.any([outer, options.signal]) : outer;
    const agent = createDialingAgent(endpoint, () => dial(endpoint, route, ["http/1.1"], { clock, signal }));
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

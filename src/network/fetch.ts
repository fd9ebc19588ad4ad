import http from "node:http";
import https from "node:https";
import type { Clock } from "../system/clock.ts";
import { dial } from "./dial.ts";
import { createDialingAgent } from "./dialing-agent.ts";
import { parseEndpoint } from "./endpoint.ts";
import type { Route } from "./route.ts";

/** What is sent. */
export interface FetchOptions {
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  signal: AbortSignal;
  /** How much of the answer's body is read, in bytes; 1 MiB unless given. */
  mostBytes?: number;
}

/** What came back. */
export interface Answer {
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body, or its beginning, decoded as UTF-8. */
  text: string;
}

/** Makes one HTTP request. */
export type Fetch = (url: string, options: FetchOptions) => Promise<Answer>;

/**
 * Makes a `fetch` that connects as the API does, with the same CAs and the same proxy. Node's own fetch supports neither,
 * and the library behind it costs 60 ms at start. Redirects are not followed: a token endpoint does not redirect a POST.
 * The fetch throws what `dial` throws and Node's own errors of HTTP.
 */
export function createFetch(route: Route, { clock, signal: outer }: { clock: Clock; signal?: AbortSignal }): Fetch {
  return async (url, options) => {
    const { origin, protocol } = new URL(url);
    const endpoint = parseEndpoint(origin, protocol === "http:");
    if (typeof endpoint === "string") throw new TypeError(`the address ${url} ${endpoint}`);
    const signal = outer ? AbortSignal.any([outer, options.signal]) : options.signal;
    const agent = createDialingAgent(endpoint, () => dial(endpoint, route, ["http/1.1"], { clock, signal }));
    try {
      const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
      const { method, headers, body } = options;
      const request = (endpoint.insecure ? http : https).request(url, { method, headers, agent, signal }, resolve);
      request.once("error", reject);
      request.end(body);
      const response = await promise;
      const text = new TextDecoder().decode(await readStart(response, options.mostBytes));
      return { status: response.statusCode ?? 0, headers: response.headers, text };
    } finally {
      agent.destroy();
    }
  };
}

/** Reads a body, and ends the connection if there is more than that many bytes. */
async function readStart(response: http.IncomingMessage, mostBytes = 2 ** 20): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= mostBytes) break;
  }
  return Buffer.concat(chunks);
}

import {
  ApiException,
  type ConfigurationOptions,
  Observable,
  type ObservableMiddleware,
  type RequestContext,
} from "@kubernetes/client-node";
import { parseJson } from "../system/parse-json.ts";
import { apiServerFailure } from "./api-server-failures.ts";
import { apiServerError } from "./cluster.ts";

/** Options of every request: the signal ends it, and it takes an open connection if there is one. */
export function requestOptions(
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): ConfigurationOptions<ObservableMiddleware> {
  // The library makes a connection pool for each request. With the first one for all, a check of hundreds of namespaces needs
  // no handshake for each object.
  let pool: ReturnType<RequestContext["getDispatcher"]>;
  const middleware: ObservableMiddleware = {
    pre: (request) => {
      request.setSignal(signal);
      for (const [name, value] of Object.entries(headers)) request.setHeaderParam(name, value);
      pool ??= request.getDispatcher();
      if (pool) request.setDispatcher(pool);
      return new Observable(Promise.resolve(request));
    },
    post: (response) => new Observable(Promise.resolve(response)),
  };
  return { middleware: [middleware], middlewareMergeStrategy: "append" };
}

/**
 * Calls the API server.
 * @throws an error with the API server's own message (the library's is a dump of headers and body) and status, or with a
 * sentence about the network; the signal's reason
 */
export async function callApiServer<T>(server: string, signal: AbortSignal, request: () => Promise<T>): Promise<T> {
  // A program that the kubeconfig names for its token (aws eks get-token) may never end, and is not told of the signal.
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(signal.reason);
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([request(), late.promise]);
  } catch (error) {
    if (!(error instanceof ApiException)) throw apiServerFailure(signal.aborted ? signal.reason : error, server);
    throw apiServerError(error.code, messageOf(error.body) ?? `the API server answered ${error.code}`);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function messageOf(body: unknown): string | undefined {
  const status: unknown = typeof body === "string" ? parseJson(body) : body;
  const message = typeof status === "object" && status !== null && "message" in status ? status.message : undefined;
  return typeof message === "string" ? message : undefined;
}

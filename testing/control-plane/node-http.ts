import { Http2ServerRequest } from "node:http2";
import type { connectNodeAdapter } from "@connectrpc/connect-node";

/** A request handler that serves HTTP/1.1 and HTTP/2 alike. */
export type NodeHandlerFn = ReturnType<typeof connectNodeAdapter>;
/** Its request, of either HTTP version. */
export type NodeRequest = Parameters<NodeHandlerFn>[0];
/** Its response, of either HTTP version. */
export type NodeResponse = Parameters<NodeHandlerFn>[1];

/** A whole answer that no service is asked for. */
export interface PlainAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a whole answer. */
export function answer(response: NodeResponse, { status, contentType, body, headers = {} }: PlainAnswer): void {
  response.writeHead(status, { "content-type": contentType, ...headers });
  response.end(body);
}

/** Sends an error as a unary Connect RPC does. */
export function answerConnectError(response: NodeResponse, status: number, code: string, message: string): void {
  answer(response, { status, contentType: "application/json", body: JSON.stringify({ code, message }) });
}

/** Cuts the connection that a request came on, for HTTP/2 with all its other streams. */
export function cutConnection(request: NodeRequest): void {
  if (request instanceof Http2ServerRequest) request.stream.session?.destroy();
  else request.socket.destroy();
}

/** What an RPC without a valid token is answered. */
export function answerUnauthenticated(response: NodeResponse): void {
  answerConnectError(response, 401, "unauthenticated", "token is missing or invalid");
}

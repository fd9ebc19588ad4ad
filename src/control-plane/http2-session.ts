import http2 from "node:http2";
import type net from "node:net";
import type { Endpoint } from "../network/endpoint.ts";

/** HTTP/2 over one connection, as the Connect transport uses it. */
interface Http2Session {
  /** The origin; the transport compares each request with it. */
  authority: string;
  request(
    method: string,
    path: string,
    headers: http2.OutgoingHttpHeaders,
    options: http2.ClientSessionRequestOptions,
  ): Promise<http2.ClientHttp2Stream>;
  notifyResponseByteRead(): void;
  close(): void;
}

/**
 * Starts HTTP/2 on an open connection. The session manager of the Connect library is not used: it stops listening to a
 * session that breaks before Node emits the error, which then ends the program.
 */
export function startHttp2({ url, authority }: Endpoint, socket: net.Socket): Http2Session {
  // A stream that a server pushes has no listener for its error, which would then end the program.
  const session = http2.connect(url, { createConnection: () => socket, settings: { enablePush: false } });
  const closed = Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });
  let failure: Error | undefined;
  session.on("error", (error: Error) => {
    failure = error;
  });
  return {
    authority: url,
    async request(method, path, headers, options) {
      // What broke the session says more than "the session has been destroyed".
      if (failure) throw failure;
      // Node's own :authority has no brackets around an IPv6 address.
      return session.request({ ...headers, ":method": method, ":path": path, ":authority": authority }, options);
    },
    notifyResponseByteRead: () => {},
    close: () => {
      // Without an error, requests in flight would wait forever.
      session.destroy(closed, http2.constants.NGHTTP2_CANCEL);
      socket.destroy();
    },
  };
}

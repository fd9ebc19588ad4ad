import http2 from "node:http2";
import { tunnelThrough } from "../../../src/buildkit/auth-session.ts";
import { grpcHeaders } from "../../../src/buildkit/grpc.ts";

/**
 * A session as `buildctl` opens it for a build without credentials, as far as that matters to what buildkit asks first: a client
 * that could fetch tokens.
 * @returns the methods that buildkit calls: `GetTokenAuthority`, …
 */
export function startBuildSession(connection: http2.ClientHttp2Session, id: string): readonly string[] {
  const asked: string[] = [];
  const service = "/moby.filesync.v1.Auth";
  const call = connection.request({
    ...grpcHeaders,
    ":path": "/moby.buildkit.v1.Control/Session",
    "x-docker-expose-session-uuid": id,
    "x-docker-expose-session-name": "build",
    "x-docker-expose-session-sharedkey": "",
    "x-docker-expose-session-grpc-method": [`${service}/Credentials`, `${service}/GetTokenAuthority`],
  });
  const server = http2.performServerHandshake(tunnelThrough(call));
  server.on("error", () => {});
  server.on("stream", (stream, { ":path": path = "" }) => {
    const method = path.split("/").at(-1) ?? "";
    asked.push(method);
    stream.resume();
    const headers = { ":status": 200, "content-type": "application/grpc" };
    if (method !== "Credentials") {
      stream.respond({ ...headers, "grpc-status": "12" }, { endStream: true });
      return;
    }
    // An empty message: no user name and no password.
    stream.respond(headers, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.alloc(5));
  });
  return asked;
}

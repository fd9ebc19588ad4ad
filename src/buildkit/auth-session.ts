import http2 from "node:http2";
import { Duplex } from "node:stream";
import { frame, grpcHeaders, receiveMessages } from "./grpc.ts";
import { decodeBytes, encodeBytes, encodeCredentials, stringOf } from "./messages.ts";

/** Credentials of a registry. */
interface Login {
  username: string;
  password: string;
}

/** The credentials for a registry's host, as buildkit names it (`registry-1.docker.io`, `registry.example.com:5000`). */
export type FindLogin = (host: string) => Login | undefined;

const credentialsMethod = "/moby.filesync.v1.Auth/Credentials";
const healthMethod = "/grpc.health.v1.Health/Check";

/**
 * Plays the client of a build, whom buildkit asks for credentials: a server of gRPC in a tunnel, which is a call of Control/Session.
 * It implements no tokens, so buildkit fetches them itself, with these credentials or anonymously; for `buildctl`, and so for the
 * image `build-image`, the client does that (buildkit 0.34.2, util/resolver/authorizer.go: GetTokenAuthority unimplemented).
 * It ends with the connection.
 * @param id by which a SolveRequest names it
 */
export function startAuthSession(connection: http2.ClientHttp2Session, id: string, findLogin: FindLogin): void {
  const call = connection.request({
    ...grpcHeaders,
    ":path": "/moby.buildkit.v1.Control/Session",
    "x-docker-expose-session-uuid": id,
    "x-docker-expose-session-name": "registrar",
    "x-docker-expose-session-sharedkey": "",
    "x-docker-expose-session-grpc-method": [credentialsMethod, healthMethod],
  });
  const server = http2.performServerHandshake(tunnelThrough(call), {
    settings: { maxConcurrentStreams: mostQuestions },
  });
  // The end of the connection ends the session too, and the questions report it.
  server.on("error", () => {});
  server.on("stream", (stream, headers) => answer(stream, headers[":path"], (host) => findLogin(host) ?? nobody(id)));
}

/**
 * Anonymous for buildkit, which sends a user name only with a password, and nobody else: it lets clients with the same credentials
 * use each other's tokens, so that for ten minutes it would ask for a build's tokens itself, where that build's pod should.
 */
function nobody(id: string): Login {
  return { username: `registrar-${id}`, password: "" };
}

/** Calls at a time: buildkit asks about one host, and whether the session is still there. */
const mostQuestions = 4;

/** Bytes of a question, which is the name of a host. */
const longestQuestion = 4_096;

/** Bytes that wait to be read: a window of HTTP/2 is 64 KiB unless it is enlarged. */
const mostUnread = 2 ** 20;

/** The bytes of a connection, in messages of a call. */
export function tunnelThrough(call: http2.ClientHttp2Stream): Duplex {
  const tunnel = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _, callback) => {
      call.write(frame(encodeBytes(chunk)), callback);
    },
    final: (callback) => {
      call.end(callback);
    },
    destroy: (error, callback) => {
      call.close(http2.constants.NGHTTP2_CANCEL);
      callback(error);
    },
  });
  // buildkit waits for each answer, so there is never more than a question to keep.
  receiveMessages(call, (message) => {
    if (tunnel.readableLength > mostUnread) throw new Error("more questions than buildkit asks");
    tunnel.push(decodeBytes(message));
  });
  call.on("error", () => {});
  call.on("close", () => tunnel.destroy());
  return tunnel;
}

/** Answers one request of buildkit. */
function answer(stream: http2.ServerHttp2Stream, method: string | undefined, loginFor: (host: string) => Login): void {
  let request: Uint8Array | undefined;
  stream.on("error", () => {});
  receiveMessages(
    stream,
    (message) => {
      request ??= message;
    },
    longestQuestion,
  );
  stream.on("end", () => {
    // Node also tells the end of a stream that was cut, to which nothing can be sent.
    if (stream.destroyed) return;
    const headers = { ":status": 200, "content-type": "application/grpc" };
    const response = respond(method, request ?? new Uint8Array(), loginFor);
    if (typeof response === "string") {
      stream.respond({ ...headers, "grpc-status": response }, { endStream: true });
      return;
    }
    stream.respond(headers, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(frame(response));
  });
}

/** Codes of gRPC. */
const [invalidArgument, unimplemented] = ["3", "12"];

/** `HealthCheckResponse` with the status SERVING: buildkit asks every 5 s and drops a session that does not answer. */
const serving = Uint8Array.of(8, 1);

/** The response to a request, or the code of gRPC that refuses it. */
function respond(
  method: string | undefined,
  request: Uint8Array,
  loginFor: (host: string) => Login,
): Uint8Array | string {
  if (method === healthMethod) return serving;
  if (method !== credentialsMethod) return unimplemented;
  let host: string;
  try {
    host = stringOf(request, 1);
  } catch {
    return invalidArgument;
  }
  return encodeCredentials(loginFor(host));
}

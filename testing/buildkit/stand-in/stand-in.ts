import { once } from "node:events";
import http2 from "node:http2";
import { type AddressInfo, isIPv6, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createUnframer, frame } from "../../../src/buildkit/grpc.ts";
import { type Address, addressOf } from "../../../src/network/address.ts";
import type { Platform } from "../../../src/registry/registry-client.ts";
import { messageOf } from "../recording.ts";
import { openSessionClient, type SessionClient } from "./session-client.ts";
import { encodeWorkers, readSolve, type SolveRequest } from "./solve-request.ts";

/** How buildkit answers a question. */
interface Reply {
  /** The message of its failure, as in a recording; empty: it has what it was asked for. */
  message: string;
  /** After so many milliseconds; `never` is a black hole. */
  after?: number | "never";
  /** The registry whose credentials it asks the client for first. */
  asksLoginFor?: string;
}

/** What buildkit was asked. */
interface Asked extends SolveRequest {
  /** What the client has given for `asksLoginFor`. */
  login: { username: string; password: string } | undefined;
}

/** How the stand-in differs from one that has everything. */
export interface StandInOptions {
  reply?: (question: SolveRequest) => Reply;
  platforms?: readonly Platform[];
  /** Where it listens; a random port of the loopback interface unless told otherwise. */
  listen?: { host: string; port?: number };
}

/** A buildkitd that fetches nothing. */
export interface StandInBuildkit extends AsyncDisposable {
  address: Address;
  /** `tcp://127.0.0.1:<port>`, as in `buildkit-uri` */
  uri: string;
  asked: readonly Asked[];
  /** Questions that are not answered yet. */
  readonly waiting: number;
  /** Those that are open now, by their ids. */
  sessions: ReadonlyMap<string, SessionClient>;
  stop(): Promise<void>;
}

/**
 * Plays buildkitd: HTTP/2 without TLS, with the three methods of Control that we use. As the real one (0.34.2), it
 * refuses a definition whose result is not the digest of its source.
 */
export async function startBuildkit({
  reply = replyOfHealthy,
  platforms = [amd64],
  listen: { host, port = 0 } = { host: "127.0.0.1" },
}: StandInOptions = {}): Promise<StandInBuildkit> {
  const asked: Asked[] = [];
  let waiting = 0;
  const sessions = new Map<string, SessionClient>();
  const sockets = new Set<Socket>();
  const server = http2.createServer();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
  });
  const serve: Readonly<
    Record<string, (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => unknown>
  > = {
    "/moby.buildkit.v1.Control/Session": (stream, headers) => {
      const id = String(headers["x-docker-expose-session-uuid"]);
      stream.respond(grpcResponse);
      sessions.set(id, openSessionClient(stream));
      stream.on("close", () => sessions.delete(id));
    },
    "/moby.buildkit.v1.Control/Solve": async (stream) => {
      waiting++;
      stream.on("close", () => waiting--);
      const question = readSolve(await readMessage(stream));
      const { message, after = 0, asksLoginFor } = reply(question);
      const client = sessions.get(question.session);
      const login = asksLoginFor === undefined ? undefined : await client?.askForLogin(asksLoginFor);
      asked.push({ ...question, login });
      if (after === "never") return;
      await sleep(after);
      if (stream.destroyed) return;
      if (message === "") end(stream, new Uint8Array());
      else fail(stream, 2, message);
    },
    "/moby.buildkit.v1.Control/ListWorkers": async (stream) => {
      await readMessage(stream);
      end(stream, encodeWorkers(platforms));
    },
  };
  server.on("stream", (stream: http2.ServerHttp2Stream, headers) => {
    stream.on("error", () => {});
    const method = serve[headers[":path"] ?? ""];
    if (method) void Promise.resolve(method(stream, headers)).catch((error) => fail(stream, 2, String(error)));
    else fail(stream, 12, "unknown method");
  });
  server.listen({ host, port });
  await once(server, "listening");
  const uri = `tcp://${isIPv6(host) ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    if (!server.listening) return;
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return {
    uri,
    address: addressOf(new URL(uri)),
    asked,
    get waiting() {
      return waiting;
    },
    sessions,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** It has every image, and reaches every server, none of which has the path that the program asks for. */
function replyOfHealthy({ identifier }: SolveRequest): Reply {
  return { message: identifier.startsWith("docker-image://") ? "" : messageOf("URL that answers") };
}

const amd64: Platform = { os: "linux", architecture: "amd64" };

const grpcResponse = { ":status": 200, "content-type": "application/grpc" } as const;

async function readMessage(stream: http2.ServerHttp2Stream): Promise<Uint8Array> {
  const unframe = createUnframer();
  const messages: Buffer[] = [];
  for await (const chunk of stream) messages.push(...unframe(chunk));
  return messages[0] ?? new Uint8Array();
}

function end(stream: http2.ServerHttp2Stream, message: Uint8Array): void {
  stream.respond(grpcResponse, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(frame(message));
}

function fail(stream: http2.ServerHttp2Stream, status: number, message: string): void {
  const trailers = { "grpc-status": String(status), "grpc-message": encodeURIComponent(message) };
  stream.respond({ ...grpcResponse, ...trailers }, { endStream: true });
}

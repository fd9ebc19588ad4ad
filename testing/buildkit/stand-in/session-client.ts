import http2 from "node:http2";
import { Duplex } from "node:stream";
import { callUnary, createUnframer, frame } from "../../../src/buildkit/grpc.ts";
import { decodeBytes, encodeBytes, encodeString, stringOf } from "../../../src/buildkit/messages.ts";

/** A buildkitd's end of a session: what it asks the client of a build. */
export interface SessionClient {
  /** For requests that buildkitd would not make. */
  connection: http2.ClientHttp2Session;
  /** The credentials for a registry; anonymous without a password. */
  askForLogin(host: string): Promise<{ username: string; password: string }>;
  /** The code of gRPC with which the client answers a method. */
  statusOf(method: string, request?: Uint8Array): Promise<number>;
}

/** Opens HTTP/2 in the tunnel of a Session call, as buildkitd does. */
export function openSessionClient(call: http2.ServerHttp2Stream): SessionClient {
  const unframe = createUnframer();
  const tunnel = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _, callback) => {
      call.write(frame(encodeBytes(chunk)), () => callback());
    },
  });
  call.on("data", (chunk: Buffer) => {
    for (const message of unframe(chunk)) tunnel.push(decodeBytes(message));
  });
  call.on("close", () => tunnel.push(null));
  const client = http2.connect("http://localhost", { createConnection: () => tunnel });
  client.on("error", () => {});
  const never = new AbortController().signal;
  return {
    connection: client,
    async askForLogin(host) {
      const method = "/moby.filesync.v1.Auth/Credentials";
      const { status, body } = await callUnary(client, method, encodeString(1, host), never);
      if (status !== 0) throw new Error(`the client answers Credentials with ${status}`);
      return { username: stringOf(body, 1), password: stringOf(body, 2) };
    },
    statusOf: async (method, request = new Uint8Array()) => (await callUnary(client, method, request, never)).status,
  };
}

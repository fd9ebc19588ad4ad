import type http2 from "node:http2";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";

/** How a call of gRPC ended. */
export interface GrpcAnswer {
  /** 0 is success (gRPC's codes). */
  status: number;
  /** What the server says of a failure. */
  message: string;
  /** The response; empty after a failure. */
  body: Uint8Array;
}

/** Headers of any call; `te` is what servers of gRPC require. */
export const grpcHeaders = { ":method": "POST", "content-type": "application/grpc", te: "trailers" } as const;

const prefixBytes = 5;

/** A message as it is sent: uncompressed, after its length. */
export function frame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Largest message that is read, in bytes; those of buildkit that are used here have some thousand. */
const largestMessage = 2 ** 20;

/**
 * Cuts the bytes of a call into messages, however they arrive.
 * @param largest in bytes
 * @throws {Error} from the function, for a message that is too large
 */
export function createUnframer(largest = largestMessage): (chunk: Buffer) => Buffer[] {
  let left: Buffer = Buffer.alloc(0);
  return (chunk) => {
    left = Buffer.concat([left, chunk]);
    const messages: Buffer[] = [];
    while (left.length >= prefixBytes) {
      const length = left.readUInt32BE(1);
      if (length > largest) throw new Error(`a message of ${length} bytes, which is no answer of buildkit`);
      const end = prefixBytes + length;
      if (left.length < end) break;
      messages.push(left.subarray(prefixBytes, end));
      left = left.subarray(end);
    }
    return messages;
  };
}

/** Passes on each message that a stream brings; one that is too large ends the stream. */
export function receiveMessages(stream: Duplex, receive: (message: Buffer) => void, largest?: number): void {
  const unframe = createUnframer(largest);
  stream.on("data", (chunk: Buffer) => {
    try {
      unframe(chunk).forEach(receive);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/**
 * Calls a method with one request and one response. The Connect library has a client of gRPC too, but it joins the values of a header
 * that is sent several times, which buildkit's sessions need apart.
 * @throws the signal's reason, after which the server ends the call too; Node's own errors of a connection that breaks; an Error
 *   about an answer that is not one of gRPC
 */
export async function callUnary(
  session: http2.ClientHttp2Session,
  path: string,
  request: Uint8Array,
  signal: AbortSignal,
): Promise<GrpcAnswer> {
  signal.throwIfAborted();
  const stream = session.request({ ...grpcHeaders, ":path": path }, { signal });
  let headers: http2.IncomingHttpHeaders = {};
  let body: Uint8Array | undefined;
  stream.on("response", (received) => {
    headers = received;
  });
  stream.on("trailers", (received) => {
    headers = { ...headers, ...received };
  });
  receiveMessages(stream, (message) => {
    body ??= message;
  });
  try {
    stream.end(frame(request));
    await finished(stream);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  const status = headers["grpc-status"];
  if (status === undefined)
    throw new Error(`HTTP ${headers[":status"] ?? "without a status"}, which is no answer of gRPC`);
  return {
    status: Number(status),
    message: decodeMessage(String(headers["grpc-message"] ?? "")),
    body: body ?? new Uint8Array(),
  };
}

/** The message is percent-encoded; what is not is shown as it is. */
function decodeMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

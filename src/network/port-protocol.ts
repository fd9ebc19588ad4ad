import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { ProxyError } from "./connect-through-proxy.ts";
import { connect, dial } from "./dial.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Route } from "./route.ts";
import { tlsFaultOf } from "./tls-faults.ts";

interface Timing {
  clock: Clock;
  signal: AbortSignal;
}

/**
 * Whether a port speaks TLS, which many TLS servers do not say to plain HTTP: they close the connection. One that ends the
 * handshake by an alert, such as a gateway that serves other hosts, speaks TLS too.
 */
export async function speaksTls(endpoint: Endpoint, route: Route, timing: Timing): Promise<boolean> {
  try {
    const { clock } = timing;
    const signal = withDeadline(timing);
    const unverified = { ...route, skipVerify: true };
    const { socket } = await dial({ ...endpoint, insecure: false }, unverified, ["h2", "http/1.1"], { clock, signal });
    socket.destroy();
    return true;
  } catch (error) {
    const fault = error instanceof Error && !(error instanceof ProxyError) ? tlsFaultOf(error) : undefined;
    return fault !== undefined && fault.kind !== "not-tls";
  }
}

/** The client's preface of HTTP/2 and an empty SETTINGS frame (RFC 9113, 3.4). */
const preface = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from("000000040000000000", "hex"),
]);

/**
 * Whether a port speaks HTTP/2 without TLS: its first frame is then SETTINGS. To HTTP/1.1, servers that speak nothing else
 * answer by a frame, or by closing the connection.
 */
export async function speaksPlainHttp2(endpoint: Endpoint, route: Route, timing: Timing): Promise<boolean> {
  const signal = withDeadline(timing);
  try {
    const socket = await connect(endpoint, route, signal);
    try {
      socket.write(preface);
      return isSettings(await readFrameHeader(socket, signal));
    } finally {
      socket.destroy();
    }
  } catch {
    return false;
  }
}

const frameHeaderBytes = 9;

function readFrameHeader(socket: NodeJS.ReadableStream, signal: AbortSignal): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  let read = Buffer.alloc(0);
  const finish = () => resolve(read);
  socket.on("data", (bytes: Buffer) => {
    read = Buffer.concat([read, bytes]);
    if (read.length >= frameHeaderBytes) finish();
  });
  socket.on("end", finish).on("close", finish).on("error", finish);
  if (signal.aborted) finish();
  else signal.addEventListener("abort", finish, { once: true });
  return promise;
}

/** Length (3 bytes), type 4, flags, stream 0 (RFC 9113, 4.1 and 6.5). */
function isSettings(frame: Buffer): boolean {
  return frame.length >= frameHeaderBytes && frame[3] === 4 && frame.readUInt32BE(5) === 0;
}

function withDeadline({ clock, signal }: Timing): AbortSignal {
  return AbortSignal.any([signal, clock.timeout(deadlines.portProbe.milliseconds)]);
}

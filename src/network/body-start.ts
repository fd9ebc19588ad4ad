import type { IncomingHttpHeaders } from "node:http";
import type net from "node:net";

/** How much of a body is read, in bytes: a page's title is at its beginning. */
const mostBytes = 65_536;

/**
 * Reads the body of an answer to CONNECT, or its beginning, from the bare connection: Node does not.
 * @param head what has been read of it
 * @returns what there is at the signal, at the latest
 */
export async function readBodyStart(
  socket: net.Socket,
  head: Buffer,
  headers: IncomingHttpHeaders,
  signal: AbortSignal,
): Promise<string> {
  const isChunked = /\bchunked\b/i.test(headers["transfer-encoding"] ?? "");
  const length = isChunked ? mostBytes : Math.min(Number(headers["content-length"] ?? mostBytes), mostBytes);
  const isWhole = (bytes: Buffer) =>
    bytes.length >= length || (isChunked && /(?:^|\r\n)0\r\n\r\n$/.test(String(bytes)));
  let read = head;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const add = (bytes: Buffer) => {
    read = Buffer.concat([read, bytes]);
    if (isWhole(read)) end();
  };
  const finish = () => end();
  // After the header that says why, a connection that breaks says nothing more.
  socket.on("data", add).on("end", finish).on("close", finish).on("error", finish);
  signal.addEventListener("abort", finish);
  if (isWhole(read) || signal.aborted || socket.destroyed) end();
  await ended;
  socket.off("data", add);
  signal.removeEventListener("abort", finish);
  const text = read.toString();
  return isChunked ? text.replace(/^[0-9a-f][^\r\n]*\r\n/i, "") : text;
}

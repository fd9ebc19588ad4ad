import zlib from "node:zlib";
import type { UniversalClientResponse } from "@connectrpc/connect/protocol";

/** How much of a body is read, in bytes: far more than any error of a control plane has. */
const mostBytes = 1_048_576;

/** More than that is no page either. */
const mostDecompressedBytes = 4 * mostBytes;

/**
 * Reads a body, or its beginning, which is left as it was sent: maybe compressed.
 * @throws Node's own errors of HTTP
 */
export async function readStart({ body }: Pick<UniversalClientResponse, "body">): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.length;
    if (length >= mostBytes) break;
  }
  return Buffer.concat(parts);
}

/** A body as text; empty if it is compressed in a way that this program has not asked for, or too large. */
export function decodeBody(bytes: Buffer, encoding: string | null): string {
  const options = { maxOutputLength: mostDecompressedBytes };
  try {
    switch (encoding?.toLowerCase() ?? "identity") {
      case "identity":
      case "":
        return bytes.toString();
      case "gzip":
        // What is left out after the limit must not make the beginning unreadable.
        return zlib.gunzipSync(bytes, { ...options, finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString();
      case "br":
        return zlib
          .brotliDecompressSync(bytes, { ...options, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH })
          .toString();
      default:
        return "";
    }
  } catch {
    // The status and the headers still say something.
    return "";
  }
}

import { createHash } from "node:crypto";
import { pipeline, type Readable, Transform } from "node:stream";
import { hasErrorName } from "../findings/error-name.ts";
import type { Clock } from "../system/clock.ts";

/** What a blob must be. */
interface Expected {
  digest: string;
  /** Bytes. */
  size: number;
}

/** A blob is not what its descriptor says. */
export class BlobMismatch extends Error {
  override readonly name = "BlobMismatch";
  static override [Symbol.hasInstance] = hasErrorName("BlobMismatch");
}

/**
 * The digest of bytes, with the algorithm of another one.
 * @throws Node's error for an algorithm that it does not know
 */
export function digestOf(bytes: Uint8Array, like = "sha256:"): string {
  const [algorithm = "sha256"] = like.split(":");
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/**
 * Passes a blob on while it is compared with its descriptor; what differs ends the stream with the error of `fail`, and so does a
 * server that sends nothing for a while.
 * @param expected nothing for a part of a blob
 */
export function watchBlob(
  body: Readable,
  expected: Expected | undefined,
  { clock, pauseMilliseconds, fail }: { clock: Clock; pauseMilliseconds: number; fail: (error: unknown) => Error },
): Readable {
  const hash = createHash((expected?.digest ?? "sha256:").split(":")[0] ?? "");
  let bytes = 0;
  const watched = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      bytes += chunk.length;
      if (expected && bytes > expected.size) return pass(new BlobMismatch(`it is larger than ${expected.size} bytes`));
      if (expected) hash.update(chunk);
      pass(null, chunk);
    },
    flush(end) {
      const digest = expected ? `${expected.digest.split(":")[0]}:${hash.digest("hex")}` : undefined;
      end(digest === expected?.digest ? null : new BlobMismatch(`${bytes} bytes have the digest ${digest}`));
    },
    destroy(error, end) {
      end(error && fail(error));
    },
  });
  const ended = new AbortController();
  // The error reaches the reader by the last stream.
  pipeline(body, watched, () => ended.abort());
  void destroyWhenStill(body, () => bytes, { clock, pauseMilliseconds, ended: ended.signal });
  return watched;
}

/** Ends a stream that should flow and does not. */
async function destroyWhenStill(
  body: Readable,
  bytes: () => number,
  { clock, pauseMilliseconds, ended }: { clock: Clock; pauseMilliseconds: number; ended: AbortSignal },
): Promise<void> {
  for (let last = -1; !ended.aborted; ) {
    const now = bytes();
    // A reader that pauses stops the stream itself.
    if (now === last && body.readableFlowing !== false) {
      body.destroy(Object.assign(new Error(`no bytes for ${pauseMilliseconds / 1000} s`), { code: "ETIMEDOUT" }));
      return;
    }
    last = now;
    await clock.sleep(pauseMilliseconds, ended).catch(() => {});
  }
}

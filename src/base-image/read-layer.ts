import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { factOf, isText, type LayerEntry, type LayerFacts, weightOf } from "./layer-facts.ts";
import { createPathList } from "./path-list.ts";

/** What reading a layer may cost. */
interface LayerLimits {
  /** Bytes of the layer as it is stored; more is an error. */
  storedBytes: number;
  /** Bytes of the archive in it. */
  unpackedBytes: number;
  /** Bytes of memory for what is kept, roughly. */
  keptBytes: number;
}

/** What is read of a layer. */
export interface LayerRequest {
  mediaType: string;
  /** Normalized paths of files whose contents are kept. */
  configFiles: ReadonlySet<string>;
  limits: LayerLimits;
  /** Is called with the length of every part of the layer as it is stored. */
  onBytes(count: number): void;
}

/** Longest file whose contents are kept, in bytes. */
const longestText = 64 * 1024;

/** Memory of a decompressor: larger than what any level of the usual compressors requires below zstd's `--ultra`. */
const largestZstdWindow = 25;

const chunkSize = 16 * 1024;

/**
 * Reads a layer to its end, in bounded memory, and keeps only what `factOf` does. The source is destroyed in the end.
 * @throws {Error} that the layer has another form, is damaged, or exceeds a limit; or the signal's reason
 */
export async function readLayer(source: Readable, request: LayerRequest, signal: AbortSignal): Promise<LayerFacts> {
  const { mediaType, configFiles, limits, onBytes } = request;
  const steps = decompressors(mediaType);
  if (!steps) {
    source.destroy();
    throw new Error(`its media type is ${mediaType}`);
  }
  // Loaded on use: few runs read a layer.
  const { extract } = await import("tar-stream");
  const archive = extract();
  const lists = { entries: [] as LayerEntry[], removed: [] as string[], emptied: [] as string[] };
  const facts = { ...lists, directories: createPathList(), weight: 0 };
  archive.on("entry", (header, content, next) => {
    content.on("end", () => next());
    // The archive fails with the same error.
    content.on("error", () => {});
    const fact = factOf(header, configFiles);
    if (fact) {
      const isKeptText = "entry" in fact && hasText(header, fact.entry, configFiles);
      facts.weight += weightOf(fact) + (isKeptText ? (header.size ?? 0) : 0);
      if (facts.weight > limits.keptBytes) next(new Error("it has more directories and links than are kept"));
      else if ("directory" in fact) facts.directories.add(fact.directory);
      else if ("removed" in fact) facts.removed.push(fact.removed);
      else if ("emptied" in fact) facts.emptied.push(fact.emptied);
      else facts.entries.push(fact.entry);
      if (isKeptText) keepText(content, fact.entry);
    }
    content.resume();
  });
  const stored = countBytes(limits.storedBytes, "more bytes than its manifest says", onBytes);
  const unpacked = countBytes(limits.unpackedBytes, `more than ${limits.unpackedBytes} bytes when it is unpacked`);
  await pipeline([source, stored, ...steps, unpacked, archive], { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
  return facts;
}

/** The steps from a layer's bytes to its archive, for the media types of OCI and Docker; nothing for others. */
function decompressors(mediaType: string): Transform[] | undefined {
  if (/[.+](?:tar\.)?gzip$/.test(mediaType)) return [createGunzip({ chunkSize })];
  if (/[.+]zstd$/.test(mediaType)) {
    return [createZstdDecompress({ chunkSize, params: { [constants.ZSTD_d_windowLogMax]: largestZstdWindow } })];
  }
  return mediaType.endsWith(".tar") ? [] : undefined;
}

function countBytes(most: number, excess: string, onBytes?: (count: number) => void): Transform {
  let total = 0;
  return new Transform({
    highWaterMark: chunkSize,
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      onBytes?.(chunk.length);
      if (total > most) done(new Error(`it has ${excess}`));
      else done(null, chunk);
    },
  });
}

function hasText(
  { type, size = 0 }: { type?: string | null | undefined; size?: number | undefined },
  { path }: LayerEntry,
  configFiles: ReadonlySet<string>,
): boolean {
  return (type === "file" || type === "contiguous-file") && size <= longestText && isText(path, configFiles);
}

/** Adds its text to an entry once the content has been read. */
function keepText(content: NodeJS.EventEmitter, entry: LayerEntry): void {
  const parts: Buffer[] = [];
  content.on("data", (part: Buffer) => parts.push(part));
  content.on("end", () => {
    if (entry.kind === "file") entry.text = Buffer.concat(parts).toString();
  });
}

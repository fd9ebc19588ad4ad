import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { type Fact, factOf, isText, type LayerEntry, type LayerFacts, type TarHeader } from "./layer-facts.ts";

/** What reading a layer may cost. */
export interface LayerLimits {
  /** Bytes of the layer as it is stored; more is an error. */
  storedBytes: number;
  /** Bytes of the archive in it. */
  unpackedBytes: number;
  /** Directories, links and files that are kept. */
  entries: number;
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

const chunkSize = 64 * 1024;

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
  const { facts, add } = collectFacts(limits.entries);
  archive.on("entry", (header, content, next) => {
    content.on("end", () => next());
    const fact = factOf(header, configFiles);
    if (fact && "entry" in fact && hasContents(header, fact.entry, configFiles)) keepText(content, header, fact.entry);
    if (fact && !add(fact)) next(new Error(`it has more than ${limits.entries} directories and links`));
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

/** A list of facts that does not grow without end: `add` says whether there was still room. */
function collectFacts(most: number): { facts: LayerFacts; add(fact: NonNullable<Fact>): boolean } {
  const entries: LayerEntry[] = [];
  const removed: string[] = [];
  const emptied: string[] = [];
  return {
    facts: { entries, removed, emptied },
    add(fact) {
      if ("entry" in fact) entries.push(fact.entry);
      else if ("removed" in fact) removed.push(fact.removed);
      else emptied.push(fact.emptied);
      return entries.length + removed.length + emptied.length <= most;
    },
  };
}

function hasContents({ type }: TarHeader, { path }: LayerEntry, configFiles: ReadonlySet<string>): boolean {
  return (type === "file" || type === "contiguous-file") && isText(path, configFiles);
}

/** Adds its text to an entry once the content has been read; a longer file keeps none. */
function keepText(content: NodeJS.EventEmitter, { size = 0 }: { size?: number }, entry: LayerEntry): void {
  if (entry.kind !== "file" || size > longestText) return;
  const parts: Buffer[] = [];
  content.on("data", (part: Buffer) => parts.push(part));
  content.on("end", () => {
    entry.text = Buffer.concat(parts).toString();
  });
}

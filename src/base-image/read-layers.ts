import { describeCause } from "../findings/describe-cause.ts";
import { RegistrarError } from "../findings/registrar-error.ts";
import type { ImageReference } from "../registry/image-reference.ts";
import type { Descriptor, RegistryClient } from "../registry/registry-client.ts";
import type { LayerFacts } from "./layer-facts.ts";
import { readLayer } from "./read-layer.ts";

/** What is asked of a registry here. */
export type ImageReader = Pick<RegistryClient, "readImage" | "readConfig" | "openBlob">;

/** What reading the layers of one image may cost. */
export interface ReadLimits {
  /** Bytes of all layers together, as they are stored. */
  storedBytes: number;
  /** Bytes of one layer when it is unpacked. */
  unpackedBytes: number;
  /** Bytes of memory for what is kept of all layers, roughly. */
  keptBytes: number;
}

/**
 * Half a gigabyte is more than most images have without CUDA. The others bound a layer that is made to exhaust its reader:
 * what is kept of Debian with Python takes 2 MB.
 */
export const defaultLimits: ReadLimits = {
  storedBytes: 500_000_000,
  unpackedBytes: 20_000_000_000,
  keptBytes: 30_000_000,
};

/** Which layers to read, and when to stop. */
export interface LayersRequest {
  reference: ImageReference;
  layers: readonly Descriptor[];
  /** Normalized paths of files whose contents are kept. */
  configFiles: ReadonlySet<string>;
  limits: ReadLimits;
  /** Ends the reading; what was read by then counts. */
  enough: AbortSignal | undefined;
  /** Is asked before each layer. */
  isAnswered(read: ReadonlyMap<number, LayerFacts>): boolean;
}

/** What was read of an image's layers. */
export interface LayersRead {
  /** By the layer's index, the lowest layer first. */
  layers: ReadonlyMap<number, LayerFacts>;
  /** As they are stored, parts of layers included. */
  bytes: number;
  /** What kept a layer from being read; empty if nothing did. */
  why: string;
  /** The registry's error, if that was it. */
  failure: RegistrarError | undefined;
}

/**
 * Reads layers, the smallest first, until the question is answered: what is asked is seldom in the largest one.
 * @throws the signal's reason
 */
export async function readLayers(
  registries: ImageReader,
  { reference, layers, configFiles, limits, enough, isAnswered }: LayersRequest,
  signal: AbortSignal,
): Promise<LayersRead> {
  const until = enough ? AbortSignal.any([signal, enough]) : signal;
  const smallestFirst = [...layers.entries()].sort(([, a], [, b]) => a.size - b.size);
  const read = new Map<number, LayerFacts>();
  let bytes = 0;
  const onBytes = (count: number) => {
    bytes += count;
  };
  const ended = (why: string, failure?: RegistrarError) => {
    const inOrder = new Map([...read].sort(([i], [j]) => i - j));
    return { layers: inOrder, bytes, why, failure };
  };
  let damaged = "";
  for (const [index, layer] of smallestFirst) {
    if (isAnswered(read)) break;
    if (bytes + layer.size > limits.storedBytes) {
      return ended(damaged || `at most ${Math.round(limits.storedBytes / 1e6)} MB of layers are read`);
    }
    try {
      until.throwIfAborted();
      const stored = await registries.openBlob(reference, layer, until);
      const request = {
        mediaType: layer.mediaType,
        configFiles,
        limits: { ...limits, storedBytes: layer.size, keptBytes: limits.keptBytes - weightOf(read) },
        onBytes,
      };
      read.set(index, await readLayer(stored, request, until));
    } catch (error) {
      signal.throwIfAborted();
      if (until.aborted) return ended("there was no time to read them all");
      const why = `layer ${layer.digest}: ${describeCause(error)}`;
      // The registry would refuse the next one too; a layer that is damaged says nothing of the others.
      if (error instanceof RegistrarError) return ended(why, error);
      damaged ||= why;
    }
  }
  return ended(damaged);
}

function weightOf(read: ReadonlyMap<number, LayerFacts>): number {
  return read.values().reduce((sum, { weight }) => sum + weight, 0);
}

import type { RegistrarError } from "../findings/registrar-error.ts";
import type { ImageReference } from "../registry/image-reference.ts";
import type { Descriptor, Platform } from "../registry/registry-client.ts";
import { configFilePaths, type ImageEnvironment, parseImageEnvironment } from "./image-environment.ts";
import { type LayerFacts, normalizePath } from "./layer-facts.ts";
import { type MergedFiles, mergeLayers } from "./merged-files.ts";
import { defaultLimits, type ImageReader, type LayersRead, type ReadLimits, readLayers } from "./read-layers.ts";
import { declaredPython, findAsUv, type PythonPreference, pythonPreference, versionsForUv } from "./uv-python.ts";

/** Which image, and what is asked of it. */
export interface PythonQuestion {
  reference: ImageReference;
  platform: Platform;
  /** `["3.12"]`; if it is empty, the versions that are there are listed. */
  wanted: readonly string[];
  limits?: ReadLimits;
  /** Ends the reading of layers; what was read by then counts. */
  enough?: AbortSignal;
  /** Runs the reading of layers, which takes memory, when it is its turn. */
  inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Layers that were not read. */
export interface UnreadLayers {
  layers: number;
  /** As they are stored. */
  bytes: number;
}

/** Whether builds find a version of Python. */
export type PythonVerdict =
  /** `where` is a path, or that the image's configuration says so. The unread layers above it could still remove it. */
  | { kind: "found"; where: string; unreadAbove: UnreadLayers }
  | { kind: "only-in-venv"; where: string }
  | { kind: "not-found" }
  /** `why`: what kept layers from being read, or an interpreter whose version the files do not show. */
  | { kind: "unknown"; why: string };

/** What is known of an image. */
export interface BaseImage {
  environment: ImageEnvironment;
  preference: PythonPreference;
  /** Contents of uv's and pip's configuration files by absolute path; undefined where they were not kept. */
  configFiles: ReadonlyMap<string, string | undefined>;
  /** Whether every layer was read, so that a file that is not named is not there. */
  isComplete: boolean;
  /** By the versions that were asked for. */
  verdicts: ReadonlyMap<string, PythonVerdict>;
  /** Versions that builds find, the lowest first; all of them if the image is complete. */
  versions: readonly string[];
  bytesRead: number;
  unread: UnreadLayers;
  /** The registry's error, if it did not give a layer. */
  failure: RegistrarError | undefined;
}

/**
 * Finds out which Pythons builds find in an image. Its configuration is asked first; then its layers are read, the smallest
 * first, until each version is found. That one is missing is said only if every layer was read.
 * @throws {RegistrarError} if the registry gives no manifest or configuration; or the signal's reason
 */
export async function findPython(
  registries: ImageReader,
  { reference, platform, wanted, limits = defaultLimits, enough, inTurn = (work) => work() }: PythonQuestion,
  signal: AbortSignal,
): Promise<BaseImage> {
  const image = await registries.readImage(reference, platform, signal);
  const environment = parseImageEnvironment((await registries.readConfig(reference, image, signal)).env);
  const declared = declaredPython(environment);
  const paths = configFilePaths(environment);
  const undeclared = wanted.filter((version) => version !== declared);
  const isAnswered = (layers: ReadonlyMap<number, LayerFacts>) => {
    if (wanted.length === 0) return declared !== undefined;
    if (undeclared.length === 0) return true;
    const files = mergeLayers(inOrder(layers));
    return undeclared.every((version) => findAsUv(files, environment, version).kind === "found");
  };
  const configFiles = new Set(paths.map(normalizePath));
  const request = { reference, layers: image.layers, configFiles, limits, enough, isAnswered };
  const read = await inTurn(() => readLayers(registries, request, signal));

  const files = mergeLayers(inOrder(read.layers));
  const judge = (version: string): PythonVerdict =>
    version === declared
      ? { kind: "found", where: "PYTHON_VERSION in its configuration", unreadAbove: { layers: 0, bytes: 0 } }
      : judgeVersion(files, environment, version, { all: image.layers, read });
  const versions = versionsForUv(files, environment);
  return {
    environment,
    preference: pythonPreference(environment),
    configFiles: textsOf(files, paths),
    isComplete: read.layers.size === image.layers.length,
    verdicts: new Map(wanted.map((version) => [version, judge(version)])),
    versions: declared === undefined || versions.includes(declared) ? versions : [...versions, declared].sort(byNumber),
    bytesRead: read.bytes,
    unread: unreadOf(image.layers, read, 0),
    failure: read.failure,
  };
}

function judgeVersion(
  files: MergedFiles,
  environment: ImageEnvironment,
  version: string,
  { all, read }: { all: readonly Descriptor[]; read: LayersRead },
): PythonVerdict {
  const answer = findAsUv(files, environment, version);
  if (answer.kind === "found") {
    const { where, layer } = answer.interpreter;
    return { kind: "found", where, unreadAbove: unreadOf(all, read, layer === undefined ? 0 : layer + 1) };
  }
  if (read.layers.size < all.length) return { kind: "unknown", why: read.why };
  if (answer.kind === "absent") return { kind: "not-found" };
  const { where } = answer.interpreter;
  if (answer.kind === "only-in-venv") return { kind: "only-in-venv", where };
  return { kind: "unknown", why: `the files do not show the version of ${where}` };
}

/** The layers that were not read, from an index upwards. */
function unreadOf(all: readonly Descriptor[], { layers }: LayersRead, from: number): UnreadLayers {
  const unread = all.filter((_, index) => index >= from && !layers.has(index));
  return { layers: unread.length, bytes: unread.reduce((sum, { size }) => sum + size, 0) };
}

function textsOf(files: MergedFiles, paths: readonly string[]): Map<string, string | undefined> {
  return new Map(
    paths.flatMap((path) => {
      const found = files.resolve(path);
      if (found.kind === "file") return [[path, found.file.text] as const];
      // A link to a file with another name, which was not kept.
      return found.kind === "absent" && `/${found.path}` !== path ? [[path, undefined] as const] : [];
    }),
  );
}

function inOrder(layers: ReadonlyMap<number, LayerFacts>): [number, LayerFacts][] {
  return [...layers].sort(([i], [j]) => i - j);
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

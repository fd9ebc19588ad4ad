import { baseName, type FileEntry, type LayerEntry, type LayerFacts, parentOf } from "./layer-facts.ts";

/** A file of an image. */
interface File extends Omit<FileEntry, "path"> {
  /** Index of the layer that it comes from. */
  layer: number;
}

interface Link {
  kind: "link";
  target: string;
}

interface Directory {
  kind: "directory";
  /** Absent if there is nothing in it. */
  children?: Map<string, Node>;
}

type Node = File | Link | Directory;

/** Where a path leads, links followed. */
export type Resolved =
  | { kind: "file"; path: string; file: File }
  | { kind: "directory"; path: string; names: readonly string[] }
  /** Nothing is known at this path, where the links end. */
  | { kind: "absent"; path: string }
  | { kind: "loop" };

/** The files of an image, as far as they are known. */
export interface MergedFiles {
  /** Follows links, of directories too, as the kernel does in that image. */
  resolve(path: string): Resolved;
}

/** Links in one path that the kernel follows at most (path_resolution(7)). */
const mostLinks = 40;

/**
 * Names on all paths of an image that are followed at most: a few million are made in a second, and links that lead through
 * thousands of directories each would keep a check busy for hours.
 */
const mostNames = 10_000_000;

/**
 * Puts layers on top of each other, as containerd and Docker unpack them: what a layer removes goes first, then its entries
 * replace what is in their places; only a directory on a directory keeps what is in it. Of directories, only those with
 * something in them and those that have replaced something are known.
 * @param layers by their index, in ascending order; some may be missing
 */
export function mergeLayers(layers: Iterable<readonly [index: number, facts: LayerFacts]>): MergedFiles {
  const root: Directory = { kind: "directory" };
  let names = 0;
  for (const [layer, { entries, directories, removed, emptied }] of layers) {
    for (const path of emptied) delete directoryAt(path)?.children;
    for (const path of removed) directoryAt(parentOf(path))?.children?.delete(baseName(path));
    for (const path of directories) {
      const parent = directoryAt(parentOf(path));
      const before = parent?.children?.get(baseName(path));
      if (parent && before && before.kind !== "directory") put(parent, baseName(path), { kind: "directory" });
    }
    for (const entry of entries) {
      const parent = makeDirectory(parentOf(entry.path));
      if (parent) put(parent, baseName(entry.path), nodeOf(entry, layer));
    }
  }
  return { resolve };

  /** Beyond the limit, everything is a loop. */
  function walk(path: string): Place | undefined {
    return walkFrom(root, path, () => ++names < mostNames);
  }

  function resolve(path: string): Resolved {
    const walked = walk(path);
    if (!walked) return { kind: "loop" };
    const { node, path: at } = walked;
    if (node?.kind === "file") return { kind: "file", path: at, file: node };
    return node
      ? { kind: "directory", path: at, names: [...(node.children?.keys() ?? [])] }
      : { kind: "absent", path: at };
  }

  function directoryAt(path: string): Directory | undefined {
    const node = walk(path)?.node;
    return node?.kind === "directory" ? node : undefined;
  }

  /** The directory at a path, with those above it, made where there is none; a loop of links has none. */
  function makeDirectory(path: string): Directory | undefined {
    const walked = walk(path);
    if (!walked) return undefined;
    if (walked.node?.kind === "directory") return walked.node;
    let directory = root;
    for (const name of walked.path.split("/")) {
      const child = directory.children?.get(name);
      const next: Directory = child?.kind === "directory" ? child : { kind: "directory" };
      put(directory, name, next);
      directory = next;
    }
    return directory;
  }
}

/** Where a path leads, without links. */
interface Place {
  path: string;
  node: File | Directory | undefined;
}

/** Where a path leads in a tree; its last names may not exist. Nothing for a loop, and as soon as `mayGoOn` forbids another name. */
function walkFrom(root: Directory, path: string, mayGoOn: () => boolean): Place | undefined {
  const left = path.split("/").reverse();
  let at: { name: string; node: File | Directory | undefined }[] = [];
  for (let links = 0; left.length > 0; ) {
    const name = left.pop();
    if (!mayGoOn()) return undefined;
    if (name === undefined || name === "" || name === ".") continue;
    if (name === "..") {
      at.pop();
      continue;
    }
    const parent = at.length === 0 ? root : at.at(-1)?.node;
    const node = parent?.kind === "directory" ? parent.children?.get(name) : undefined;
    if (node?.kind !== "link") {
      at.push({ name, node });
      continue;
    }
    if (++links > mostLinks) return undefined;
    if (node.target.startsWith("/")) at = [];
    left.push(...node.target.split("/").reverse());
  }
  return { path: at.map(({ name }) => name).join("/"), node: at.length === 0 ? root : at.at(-1)?.node };
}

function nodeOf(entry: LayerEntry, layer: number): Node {
  if (entry.kind === "link") return { kind: "link", target: entry.target };
  const { path: _, ...file } = entry;
  return { ...file, layer };
}

function put(directory: Directory, name: string, node: Node): void {
  directory.children ??= new Map();
  directory.children.set(name, node);
}

import { type FileEntry, type LayerFacts, parentOf } from "./layer-facts.ts";

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
  children: Map<string, File | Link | Directory>;
}

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
 * Puts layers on top of each other, as containerd and Docker unpack them: what a layer removes goes first, then its entries
 * replace what is in their places; only a directory on a directory keeps what is in it.
 * @param layers by their index, in ascending order; some may be missing
 */
export function mergeLayers(layers: Iterable<readonly [index: number, facts: LayerFacts]>): MergedFiles {
  const root: Directory = { kind: "directory", children: new Map() };
  for (const [layer, { entries, removed, emptied }] of layers) {
    for (const path of emptied) directoryAt(path)?.children.clear();
    for (const path of removed) parentDirectoryOf(path)?.children.delete(nameOf(path));
    for (const entry of entries) {
      const parent = makeDirectory(parentOf(entry.path));
      const name = nameOf(entry.path);
      if (entry.kind === "file") {
        const { path: _, ...file } = entry;
        parent?.children.set(name, { ...file, layer });
      } else if (entry.kind === "link") parent?.children.set(name, { kind: "link", target: entry.target });
      else if (parent?.children.get(name)?.kind !== "directory") {
        parent?.children.set(name, { kind: "directory", children: new Map() });
      }
    }
  }
  return { resolve };

  function resolve(path: string): Resolved {
    const walked = walk(root, path);
    if (!walked) return { kind: "loop" };
    const { node, path: at } = walked;
    if (node?.kind === "file") return { kind: "file", path: at, file: node };
    return node ? { kind: "directory", path: at, names: [...node.children.keys()] } : { kind: "absent", path: at };
  }

  function directoryAt(path: string): Directory | undefined {
    const node = walk(root, path)?.node;
    return node?.kind === "directory" ? node : undefined;
  }

  function parentDirectoryOf(path: string): Directory | undefined {
    return directoryAt(parentOf(path));
  }

  /** The directory at a path, with those above it, made where there is none; a loop of links has none. */
  function makeDirectory(path: string): Directory | undefined {
    const walked = walk(root, path);
    if (!walked) return undefined;
    if (walked.node?.kind === "directory") return walked.node;
    let directory = root;
    for (const name of walked.path.split("/")) {
      const child = directory.children.get(name);
      const next: Directory = child?.kind === "directory" ? child : { kind: "directory", children: new Map() };
      directory.children.set(name, next);
      directory = next;
    }
    return directory;
  }
}

/** Where a path leads in a tree; its last names may not exist. Nothing for a loop. */
function walk(root: Directory, path: string): { path: string; node: File | Directory | undefined } | undefined {
  const left = path.split("/").reverse();
  let at: { name: string; node: File | Directory | undefined }[] = [];
  for (let links = 0; left.length > 0; ) {
    const name = left.pop();
    if (name === undefined || name === "" || name === ".") continue;
    if (name === "..") {
      at.pop();
      continue;
    }
    const parent = at.length === 0 ? root : at.at(-1)?.node;
    const node = parent?.kind === "directory" ? parent.children.get(name) : undefined;
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

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

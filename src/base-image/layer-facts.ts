/** What is at a path of a layer. Paths have neither a leading slash nor `.` and `..`: `usr/bin/python3`. */
export type LayerEntry = { kind: "link"; path: string; target: string } | FileEntry;

/** A file, or another name of one. */
export interface FileEntry {
  kind: "file";
  path: string;
  isExecutable: boolean;
  /** Of a hard link: the path that it was made from, which may be gone by now. */
  linkedTo?: string;
  /** Of a file whose contents are kept. */
  text?: string;
}

/** What a layer does, as far as it decides which Python and which configuration an image has. */
export interface LayerFacts {
  entries: readonly LayerEntry[];
  /** Paths of directories, which may replace links and files of the layers below. */
  directories: Iterable<string>;
  /** Paths that it removes from the layers below (whiteouts). */
  removed: readonly string[];
  /** Directories whose contents it removes from the layers below (opaque whiteouts). */
  emptied: readonly string[];
  /** Bytes of memory that these take, roughly. */
  weight: number;
}

/** What the header of an entry in a tar archive says. */
export interface TarHeader {
  name: string;
  type: string | null | undefined;
  linkname?: string | null | undefined;
  mode?: number | undefined;
}

/** What an entry of a layer's archive is; nothing if it decides nothing. */
export type Fact =
  | { entry: LayerEntry }
  | { directory: string }
  | { removed: string }
  | { emptied: string }
  | undefined;

/** OCI image specification, "Whiteouts"; names that begin with the second are bookkeeping of AUFS. */
const whiteout = ".wh.";
const metaWhiteout = ".wh..wh.";
const opaqueWhiteout = ".wh..wh..opq";

/** Names of files that are kept: interpreters, and executables that links with these names may lead to. */
const interpreterName = /^python(?:\d(?:\.\d+)?t?)?$/;
const similarName = /^py/;

/** Marks of a standard library, by which the version of the interpreter next to it is known; the last is a zipped one. */
const libraryMark = /(?:^|\/)lib(?:64)?\/python\d(?:\.\d+\/os\.pyc?|\d+\.zip)$/;

/** Most links of an image lead to one of these, which is neither an interpreter nor a directory. */
const sharedLibrary = /\.so(?:\.\d+)*$/;

const virtualEnvironmentMark = /(?:^|\/)pyvenv\.cfg$/;

/** Whether a file with this path is known if it is there: a link to another name may lead to a file that was not kept. */
export function wouldBeKnown(path: string): boolean {
  return interpreterName.test(baseName(path));
}

/** Whether the contents of a file are kept. */
export function isText(path: string, configFiles: ReadonlySet<string>): boolean {
  return configFiles.has(path) || virtualEnvironmentMark.test(path);
}

/**
 * What an entry of a layer's archive says. Directories and almost all links are kept: any may be on the way
 * to an interpreter.
 * @param configFiles normalized paths of files that count as well
 */
export function factOf(header: TarHeader, configFiles: ReadonlySet<string>): Fact {
  const path = normalizePath(header.name);
  const name = baseName(path);
  if (name === opaqueWhiteout) return { emptied: parentOf(path) };
  if (name.startsWith(metaWhiteout)) return undefined;
  if (name.startsWith(whiteout)) return { removed: joinPath(parentOf(path), name.slice(whiteout.length)) };
  if (path === "" || isTooLong(path)) return undefined;
  if (header.type === "directory") return { directory: path };
  if (header.type === "symlink") {
    const target = header.linkname ?? "";
    return sharedLibrary.test(target) || isTooLong(target) ? undefined : { entry: { kind: "link", path, target } };
  }

  const isExecutable = ((header.mode ?? 0) & 0o111) !== 0;
  const isKept =
    interpreterName.test(name) ||
    (isExecutable && similarName.test(name)) ||
    libraryMark.test(path) ||
    isText(path, configFiles);
  if (!isKept) return undefined;
  const file: FileEntry = { kind: "file", path, isExecutable };
  if (header.type === "link") return { entry: { ...file, linkedTo: normalizePath(header.linkname ?? "") } };
  return { entry: file };
}

/** Whether the kernel has no such path (PATH_MAX, path_resolution(7)): nobody can unpack it, and to follow it takes long. */
function isTooLong(path: string): boolean {
  return Buffer.byteLength(path) >= 4_096;
}

/** Bytes of memory that a fact takes, roughly. */
export function weightOf(fact: NonNullable<Fact>): number {
  if ("directory" in fact) return fact.directory.length;
  const object = 100;
  if ("removed" in fact) return object + fact.removed.length;
  if ("emptied" in fact) return object + fact.emptied.length;
  const { entry } = fact;
  const other = entry.kind === "link" ? entry.target : entry.linkedTo;
  return object + entry.path.length + (other?.length ?? 0);
}

/** `usr/bin` of `./usr//bin/`; `..` does not lead out of the root. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** `python` of `usr/bin/python`. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** `usr/bin` of `usr/bin/python`; empty for the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** A path below a directory, which may be the root. */
function joinPath(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

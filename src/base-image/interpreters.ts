import { baseName, parentOf, wouldBeKnown } from "./layer-facts.ts";
import type { MergedFiles, Resolved } from "./merged-files.ts";

/** A program that uv would run to learn its version. */
export interface Interpreter {
  /** Its absolute path, and where links lead from there if that is another one: `/usr/bin/python3 -> /usr/bin/python3.11`. */
  where: string;
  /** Its own absolute path, where links end. */
  file: string;
  /** `3.12`; absent if the files do not show it. */
  version: string | undefined;
  /** Whether its standard library is there too: without it, it is a script, does not start, or finds the library elsewhere. */
  isProven: boolean;
  isVirtualEnvironment: boolean;
  /** Index of the layer that it comes from; absent if its file is not known. */
  layer: number | undefined;
}

const versionedName = /^python(\d\.\d+)$/;
const libraryFolder = /^python(\d\.\d+)$/;

/** Where a Python finds its library whose own folder has none: the prefixes of Debian's and of python.org's builds. */
const commonPrefixes = ["usr/local", "usr"] as const;

/**
 * What is at a path, if uv would run it: an executable, or a link to a name that was not kept.
 * @param path absolute
 */
export function interpreterAt(files: MergedFiles, path: string): Interpreter | undefined {
  const resolved = files.resolve(path);
  if (resolved.kind === "loop" || resolved.kind === "directory") return undefined;
  const file = `/${resolved.path}`;
  const found = {
    where: file === path ? path : `${path} -> ${file}`,
    file,
    isVirtualEnvironment: virtualEnvironmentOf(files, path) !== undefined,
  };
  if (resolved.kind === "absent") {
    return wouldBeKnown(file) ? undefined : { ...found, ...unknownVersion, layer: undefined };
  }
  if (!resolved.file.isExecutable) return undefined;
  return { ...found, ...versionOf(files, resolved, path), layer: resolved.file.layer };
}

/** The text of `pyvenv.cfg` next to an interpreter or above it, where Python looks for it (PEP 405), without following its link. */
function virtualEnvironmentOf(files: MergedFiles, path: string): { text: string } | undefined {
  const folder = parentOf(path);
  for (const place of [folder, parentOf(folder)]) {
    const found = files.resolve(`${place}/pyvenv.cfg`);
    if (found.kind === "file") return { text: found.file.text ?? "" };
  }
  return undefined;
}

/** The version of an interpreter, by its own name, by that of a hard link, by the library in its prefix, or by its virtual environment. */
function versionOf(
  files: MergedFiles,
  { path, file }: Extract<Resolved, { kind: "file" }>,
  asked: string,
): Pick<Interpreter, "version" | "isProven"> {
  const names = file.linkedTo === undefined ? [path] : [path, file.linkedTo];
  const ownPrefixes = [parentOf(parentOf(path))];
  const named = names.map((name) => versionedName.exec(baseName(name))?.[1]).find((version) => version !== undefined);
  if (named !== undefined) {
    const isProven = [...ownPrefixes, ...commonPrefixes].some((prefix) => librariesIn(files, prefix).has(named));
    return { version: named, isProven };
  }
  if (!/^python\d?$/.test(baseName(path))) return { version: undefined, isProven: false };
  const configured = /^[^\S\n]*version(?:_info)?\s*=\s*(\d\.\d+)/m.exec(
    virtualEnvironmentOf(files, asked)?.text ?? "",
  )?.[1];
  if (configured !== undefined) return { version: configured, isProven: true };
  for (const prefixes of [ownPrefixes, commonPrefixes]) {
    const versions = new Set(prefixes.flatMap((prefix) => [...librariesIn(files, prefix)]));
    const [version] = versions;
    if (versions.size > 0) return versions.size === 1 ? { version, isProven: true } : unknownVersion;
  }
  return unknownVersion;
}

const unknownVersion = { version: undefined, isProven: false } as const;

/** Versions of the standard libraries in a prefix. */
function librariesIn(files: MergedFiles, prefix: string): Set<string> {
  const versions = new Set<string>();
  for (const folder of ["lib", "lib64"]) {
    const library = files.resolve(`${prefix}/${folder}`);
    if (library.kind !== "directory") continue;
    for (const name of library.names) {
      const version = libraryFolder.exec(name)?.[1];
      const isThere = (mark: string) => files.resolve(`${prefix}/${folder}/${name}/${mark}`).kind === "file";
      if (version !== undefined && (isThere("os.py") || isThere("os.pyc"))) versions.add(version);
      const [, major, minor] = /^python(\d)(\d+)\.zip$/.exec(name) ?? [];
      if (major !== undefined && minor !== undefined) versions.add(`${major}.${minor}`);
    }
  }
  return versions;
}

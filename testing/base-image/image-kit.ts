import type { PythonVerdict } from "../../src/base-image/find-python.ts";
import { directory, type Entry, file, link, type Packing } from "./layer.ts";

/** The Python that images have: a placeholder, or one that runs. */
export interface PythonParts {
  /** `3.12` */
  version: string;
  /** `3.12.4` */
  patch: string;
  /** A version that they do not have. */
  other: string;
  /** As uv names it: `x86_64`. */
  machine: string;
  program: Uint8Array;
  /** Its standard library, in a prefix such as `usr/local`. */
  library(prefix: string): readonly Entry[];
}

/** An image, and what builds that ask for a version find in it. */
export interface ImageRow {
  name: string;
  env: readonly string[];
  /** The lowest first. */
  layers: readonly (readonly Entry[])[];
  packing: Packing;
  wanted: string;
  verdict: PythonVerdict["kind"];
  /** Why real uv is not asked. */
  notForUv?: string;
}

/** The PATH of Docker's and Debian's images. */
export const debianPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
export const found = { verdict: "found" } as const;
export const missing = { verdict: "not-found" } as const;

/** What images are put together from, with one Python. */
export type ImageKit = ReturnType<typeof imageKit>;

/** Makes the parts of images, and `row`, which lays them on a root with the usual directories. */
export function imageKit(parts: PythonParts) {
  const { version, patch, machine, program, library } = parts;
  const python = (path: string, mode = 0o755) => file(path, program, mode);
  const named = `python${version}`;
  const root = ["bin", "etc", "opt", "root", "tmp", "usr", "usr/bin", "usr/lib", "usr/local", "usr/local/bin"].map(
    directory,
  );
  const official = [
    python(`usr/local/bin/${named}`),
    link("usr/local/bin/python3", named),
    link("usr/local/bin/python", "python3"),
    ...library("usr/local"),
  ];
  const debian = [python(`usr/bin/${named}`), link("usr/bin/python3", named), ...library("usr")];
  const apart = [python(`opt/py/bin/${named}`), ...library("opt/py")];
  const condaIn = (prefix: string) => [
    python(`${prefix}/bin/${named}`),
    link(`${prefix}/bin/python3`, named),
    link(`${prefix}/bin/python`, named),
    ...library(prefix),
  ];
  const managedIn = (folder: string) => {
    const prefix = `${folder}/cpython-${patch}-linux-${machine}-gnu`;
    return [python(`${prefix}/bin/${named}`), ...library(prefix)];
  };
  const managed = "root/.local/share/uv/python";
  const venv = [
    link("opt/venv/bin/python", `/opt/py/bin/${named}`),
    file("opt/venv/pyvenv.cfg", `home = /opt/py/bin\nversion_info = ${patch}\n`),
  ];
  const row = (
    name: string,
    layers: readonly (readonly Entry[])[],
    {
      env = [debianPath],
      wanted = version,
      packing = "gzip",
      verdict,
      notForUv,
    }: Partial<ImageRow> & Pick<ImageRow, "verdict">,
  ): ImageRow => ({
    name,
    env,
    layers: [root, ...layers],
    packing,
    wanted,
    verdict,
    ...(notForUv !== undefined && { notForUv }),
  });
  const path = (directories: string, ...variables: string[]) => [`PATH=${directories}`, ...variables];
  return { ...parts, python, named, official, debian, apart, condaIn, managedIn, managed, venv, row, path };
}

import type { PythonVerdict } from "../../src/base-image/find-python.ts";
import { directory, type Entry, file, hardLink, link, opaque, type Packing, whiteout } from "./layer.ts";

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
const debianPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const found = { verdict: "found" } as const;
const missing = { verdict: "not-found" } as const;

/**
 * Images as their makers lay them out, and each way in which layers, links and variables hide a Python or bring it back. What
 * builds find is what uv finds: test/uv/ asks it.
 */
export function imagesOf({ version, patch, other, machine, program, library }: PythonParts): ImageRow[] {
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

  return [
    row("Docker's official Python", [official], { ...found, env: [debianPath, `PYTHON_VERSION=${patch}`] }),
    row("Docker's official Python, another one wanted", [official], {
      ...missing,
      wanted: other,
      env: [debianPath, `PYTHON_VERSION=${patch}`],
    }),
    row("a declared Python and a second one", [debian], { ...found, env: [debianPath, `PYTHON_VERSION=${other}.1`] }),
    row("a declared Python where uv takes its own only", [official], {
      ...missing,
      env: [debianPath, `PYTHON_VERSION=${patch}`, "UV_PYTHON_PREFERENCE=only-managed"],
    }),
    row("a declared Python that was deleted", [official, [whiteout("usr/local/bin"), whiteout("usr/local/lib")]], {
      ...found,
      env: [debianPath, `PYTHON_VERSION=${patch}`],
      notForUv: "the configuration is believed, so that images need not be downloaded",
    }),
    row("Debian's Python", [debian], found),
    row("Debian's Python, another one wanted", [debian], { ...missing, wanted: other }),
    row("Debian without Python", [[directory("usr/share")]], missing),
    row("no PATH", [debian], { ...found, env: [] }),
    row("conda in PATH", [condaIn("opt/conda")], { ...found, env: path("/opt/conda/bin:/usr/bin") }),
    row("conda not in PATH", [condaIn("opt/conda")], missing),
    row("an active conda base not in PATH", [condaIn("opt/conda")], {
      ...found,
      env: [debianPath, "CONDA_PREFIX=/opt/conda", "CONDA_DEFAULT_ENV=base"],
    }),
    row("the root of conda, active and not in PATH", [condaIn("opt/conda")], {
      ...found,
      env: [debianPath, "CONDA_PREFIX=/opt/conda", "_CONDA_ROOT=/opt/conda"],
    }),
    row("an active conda environment not in PATH", [condaIn("opt/conda/envs/a")], {
      ...missing,
      env: [debianPath, "CONDA_PREFIX=/opt/conda/envs/a", "CONDA_DEFAULT_ENV=a"],
    }),
    row("an active conda environment without a name, not in PATH", [condaIn("opt/conda")], {
      ...missing,
      env: [debianPath, "CONDA_PREFIX=/opt/conda"],
    }),
    row("an active conda environment with its path as its name, not in PATH", [condaIn("opt/a")], {
      ...missing,
      env: [debianPath, "CONDA_PREFIX=/opt/a", "CONDA_DEFAULT_ENV=/opt/a"],
    }),
    row("uv prefers the system", [managedIn(managed)], { ...found, env: [debianPath, "UV_PYTHON_PREFERENCE=system"] }),
    row("uv prefers the system, another one wanted", [debian], {
      ...missing,
      wanted: other,
      env: [debianPath, "UV_PYTHON_PREFERENCE=system"],
    }),
    row("uv's own Python", [managedIn(managed)], found),
    row("uv's own Python in another folder", [managedIn("opt/pythons")], {
      ...found,
      env: [debianPath, "UV_PYTHON_INSTALL_DIR=/opt/pythons"],
    }),
    row("uv's own Python in a data folder", [managedIn("data/uv/python")], {
      ...found,
      env: [debianPath, "XDG_DATA_HOME=/data"],
    }),
    row("uv's own Python in a folder that it is not told", [managedIn("opt/pythons")], missing),
    row("only-managed, a system Python", [debian], {
      ...missing,
      env: [debianPath, "UV_PYTHON_PREFERENCE=only-managed"],
    }),
    row("only-managed, uv's own Python", [managedIn(managed)], {
      ...found,
      env: [debianPath, "UV_PYTHON_PREFERENCE=only-managed"],
    }),
    row("only-system, uv's own Python", [managedIn(managed)], {
      ...missing,
      env: [debianPath, "UV_PYTHON_PREFERENCE=only-system"],
    }),
    row(
      "only-system, uv's own Python linked into PATH",
      [
        [
          ...managedIn(managed),
          link(`usr/bin/${named}`, `/${managed}/cpython-${patch}-linux-${machine}-gnu/bin/${named}`),
        ],
      ],
      { ...missing, env: [debianPath, "UV_PYTHON_PREFERENCE=only-system"] },
    ),
    row("UV_MANAGED_PYTHON, a system Python", [debian], { ...missing, env: [debianPath, "UV_MANAGED_PYTHON=1"] }),
    row("UV_NO_MANAGED_PYTHON, uv's own Python", [managedIn(managed)], {
      ...missing,
      env: [debianPath, "UV_NO_MANAGED_PYTHON=true"],
    }),
    row("UV_PYTHON_SEARCH_PATH shows it", [apart], {
      ...found,
      env: [debianPath, "UV_PYTHON_SEARCH_PATH=/opt/py/bin"],
    }),
    row("UV_PYTHON_SEARCH_PATH hides it", [debian], {
      ...missing,
      env: [debianPath, "UV_PYTHON_SEARCH_PATH=/opt/py/bin"],
    }),
    row("removed by a higher layer", [debian, [whiteout(`usr/bin/${named}`)]], missing),
    row("its folder emptied", [official, [directory("usr/local/bin"), opaque("usr/local/bin")]], missing),
    row("its parent removed", [official, [whiteout("usr/local")]], missing),
    row("removed and added again", [official, [whiteout("usr/local")], official], found),
    row("emptied and added again by one layer", [official, [...official, opaque("usr/local")]], found),
    row("removed first, added above", [[whiteout("usr/local")], official], found),
    row("replaced by a file that is not executable", [debian, [python(`usr/bin/${named}`, 0o644)]], missing),
    row("not executable", [[python(`usr/bin/${named}`, 0o644), ...library("usr")]], missing),
    row(
      "a hard link whose first name was removed",
      [[...apart, hardLink("opt/py/bin/python", `opt/py/bin/${named}`)], [whiteout(`opt/py/bin/${named}`)]],
      { ...found, env: path("/opt/py/bin") },
    ),
    row("an absolute link", [[...apart, link("usr/bin/python3", `/opt/py/bin/${named}`)]], found),
    row(
      "a link with another version in its name",
      [[...debian, link(`usr/local/bin/python${other}`, `/usr/bin/${named}`)]],
      { ...missing, wanted: other },
    ),
    row(
      "Debian's alternatives",
      [
        [
          ...apart,
          link("usr/bin/python", "/etc/alternatives/python"),
          link("etc/alternatives/python", `../../opt/py/bin/${named}`),
        ],
      ],
      found,
    ),
    row("a dangling link", [[link(`usr/bin/${named}`, `/opt/py/bin/${named}`), ...library("usr")]], missing),
    row("links in a loop", [[link("usr/bin/python3", "python"), link("usr/bin/python", "python3")]], missing),
    row(
      "a directory with its name",
      [[directory(`usr/bin/${named}`), file(`usr/bin/${named}/python3`, program, 0o755)]],
      missing,
    ),
    row("a linked folder in PATH", [[...apart, link("python", "opt/py")]], { ...found, env: path("/python/bin") }),
    row("a folder without version in its names", [[python("opt/py/bin/python"), ...library("opt/py")]], {
      ...found,
      env: path("/opt/py/bin:/usr/bin"),
    }),
    row("moved away from its library", [[python(`opt/bin/${named}`), ...library("usr")]], {
      ...found,
      env: path("/opt/bin"),
    }),
    row("/bin linked to /usr/bin", [[whiteout("bin")], [link("bin", "usr/bin"), ...debian]], {
      ...found,
      env: path("/bin"),
    }),
    row(
      "written through that link",
      [
        [link("bin", "usr/bin"), directory("usr/bin")],
        [python(`bin/${named}`), ...library("usr")],
      ],
      { ...found, env: path("/usr/bin") },
    ),
    row("that link replaced by a directory", [[link("bin", "usr/bin"), ...debian], [directory("bin")]], {
      ...missing,
      env: path("/bin"),
    }),
    row(
      "names that begin with ./",
      [[directory("./"), ...debian.map((entry) => ({ ...entry, path: `./${entry.path}` }))]],
      found,
    ),
    row("a virtual environment alone in PATH", [[...apart, ...venv]], {
      verdict: "only-in-venv",
      env: path("/opt/venv/bin:/usr/bin"),
    }),
    row("a virtual environment, active", [[...apart, ...venv]], {
      verdict: "only-in-venv",
      env: [debianPath, "VIRTUAL_ENV=/opt/venv"],
    }),
    row("a virtual environment before the Python of the system", [[...apart, ...venv], debian], {
      ...found,
      env: path("/opt/venv/bin:/usr/bin"),
    }),
    row("a virtual environment of another version", [[...apart, ...venv]], {
      ...missing,
      wanted: other,
      env: path("/opt/venv/bin:/usr/bin"),
    }),
    row(
      "a virtual environment with its mark next to its link",
      [[...apart, link("opt/venv/python", `/opt/py/bin/${named}`), file("opt/venv/pyvenv.cfg", "home = /opt/py/bin")]],
      {
        verdict: "only-in-venv",
        env: path("/opt/venv"),
      },
    ),
    row(
      "a virtual environment with a copy of Python",
      [
        [
          ...apart,
          python("opt/venv/bin/python"),
          file("opt/venv/pyvenv.cfg", `home = /opt/py/bin\nversion = ${patch}\n`),
        ],
      ],
      {
        verdict: "only-in-venv",
        env: path("/opt/venv/bin"),
      },
    ),
    row("a declared Python where uv does not search", [official], {
      ...missing,
      env: path("/usr/bin", `PYTHON_VERSION=${patch}`),
    }),
    row("Fedora's library", [[python(`usr/bin/${named}`), file(`usr/lib64/${named}/os.py`)]], {
      ...found,
      notForUv: "Debian's Python does not look there",
    }),
    row(
      "a zipped library",
      [[python(`opt/py/bin/${named}`), file(`opt/py/lib/python${version.replace(".", "")}.zip`)]],
      {
        ...found,
        env: path("/opt/py/bin"),
        notForUv: "its archive is empty",
      },
    ),
    row(
      "an unversioned Python next to two libraries",
      [[python("opt/py/bin/python"), file(`opt/py/lib/${named}/os.py`), file(`opt/py/lib/python${other}/os.py`)]],
      {
        verdict: "unknown",
        env: path("/opt/py/bin"),
        notForUv: "one of the libraries is empty",
      },
    ),
    row("zstd", [debian], { ...found, packing: "zstd", notForUv: "it is about the packing" }),
    row("an archive that is not compressed", [debian], {
      ...found,
      packing: "tar",
      notForUv: "it is about the packing",
    }),
    row("Docker's media type", [debian], { ...found, packing: "docker gzip", notForUv: "it is about the packing" }),
    row("pyenv's shims", [[python(`root/.pyenv/shims/${named}`)]], {
      verdict: "unknown",
      env: path("/root/.pyenv/shims"),
      notForUv: "the files do not show which Python a script starts",
    }),
    row(
      "a link to a program with another name",
      [[...apart, python("opt/py/bin/interpreter"), link("usr/bin/python3", "/opt/py/bin/interpreter")]],
      { verdict: "unknown", notForUv: "programs with other names are not kept" },
    ),
    row("a Python without its library", [[python(`usr/bin/${named}`)]], {
      verdict: "unknown",
      notForUv: "the library may be where only that program knows",
    }),
    row(
      "Python 2",
      [[file("usr/bin/python2.7", "", 0o755), link("usr/bin/python", "python2.7"), file("usr/lib/python2.7/os.py")]],
      { ...missing, notForUv: "there is no Python 2 to run" },
    ),
  ];
}

import { debianPath, found, type ImageKit, type ImageRow, missing } from "./image-kit.ts";
import { directory, file, link } from "./layer.ts";

/** Images as their makers lay them out and pack them. */
export function makersImages({
  patch,
  other,
  python,
  named,
  official,
  debian,
  condaIn,
  row,
  path,
}: ImageKit): ImageRow[] {
  return [
    row("Docker's official Python", [official], { ...found, env: [debianPath, `PYTHON_VERSION=${patch}`] }),
    row("Docker's official Python, another one wanted", [official], {
      ...missing,
      wanted: other,
      env: [debianPath, `PYTHON_VERSION=${patch}`],
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
    row("Fedora's library", [[python(`usr/bin/${named}`), file(`usr/lib64/${named}/os.py`)]], {
      ...found,
      notForUv: "Debian's Python does not look there",
    }),
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
      "Python 2",
      [[file("usr/bin/python2.7", "", 0o755), link("usr/bin/python", "python2.7"), file("usr/lib/python2.7/os.py")]],
      { ...missing, notForUv: "there is no Python 2 to run" },
    ),
  ];
}

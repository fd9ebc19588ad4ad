import { found, type ImageKit, type ImageRow, missing } from "./image-kit.ts";
import { directory, file, hardLink, link, whiteout } from "./layer.ts";

/** Images in which links, and places that are not the usual ones, lead to a Python or do not. */
export function linkImages({
  library,
  debian,
  apart,
  version,
  other,
  program,
  python,
  named,
  row,
  path,
}: ImageKit): ImageRow[] {
  return [
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
    row(
      "names that begin with ./",
      [[directory("./"), ...debian.map((entry) => ({ ...entry, path: `./${entry.path}` }))]],
      found,
    ),
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
    row(
      "a link to a program with another name",
      [[...apart, python("opt/py/bin/interpreter"), link("usr/bin/python3", "/opt/py/bin/interpreter")]],
      { verdict: "unknown", notForUv: "programs with other names are not kept" },
    ),
    row("a Python without its library", [[python(`usr/bin/${named}`)]], {
      verdict: "unknown",
      notForUv: "the library may be where only that program knows",
    }),
  ];
}

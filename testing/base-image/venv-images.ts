import { debianPath, found, type ImageKit, type ImageRow, missing } from "./image-kit.ts";
import { file, link } from "./layer.ts";

/** Images with virtual environments, which uv passes over. */
export function venvImages({ venv, apart, patch, other, python, named, debian, row, path }: ImageKit): ImageRow[] {
  return [
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
  ];
}

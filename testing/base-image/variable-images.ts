import { debianPath, found, type ImageKit, type ImageRow, missing } from "./image-kit.ts";
import { link, whiteout } from "./layer.ts";

/** Images whose variables say where uv looks, and what it takes. */
export function variableImages({
  patch,
  other,
  machine,
  named,
  official,
  debian,
  apart,
  managedIn,
  managed,
  row,
  path,
}: ImageKit): ImageRow[] {
  return [
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
    row("a declared Python where uv does not search", [official], {
      ...missing,
      env: path("/usr/bin", `PYTHON_VERSION=${patch}`),
    }),
  ];
}

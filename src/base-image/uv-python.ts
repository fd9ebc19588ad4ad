import { type ImageEnvironment, managedDirectory, searchDirectories } from "./image-environment.ts";
import { type Interpreter, interpreterAt } from "./interpreters.ts";
import { baseName } from "./layer-facts.ts";
import type { MergedFiles } from "./merged-files.ts";

/** Which Pythons uv takes: those that it has installed itself, which are "managed", or those of the system. */
export type PythonPreference = "managed" | "system" | "only-managed" | "only-system";

/** What `uv venv --python 3.12` with UV_PYTHON_DOWNLOADS=never would do, as far as the files show it. */
export type UvAnswer =
  | { kind: "found"; interpreter: Interpreter }
  /** The version is only in virtual environments, which uv passes over. */
  | { kind: "only-in-venv"; interpreter: Interpreter }
  /** It would run this one, whose version the files do not show. */
  | { kind: "unproven"; interpreter: Interpreter }
  | { kind: "absent" };

/** Where the SDK's own builds put their virtual environment. */
const sdkEnvironment = "/opt/venv";

/** The preference that an image sets; a wrong one, which uv refuses, counts as none. */
export function pythonPreference(environment: ImageEnvironment): PythonPreference {
  const isOn = (name: string) => /^(?:1|t|true|y|yes|on)$/i.test(environment.get(name) ?? "");
  if (isOn("UV_MANAGED_PYTHON")) return "only-managed";
  if (isOn("UV_NO_MANAGED_PYTHON")) return "only-system";
  const given = environment.get("UV_PYTHON_PREFERENCE");
  return given === "system" || given === "only-managed" || given === "only-system" ? given : "managed";
}

/**
 * Looks for a Python as uv does (astral-sh/uv, crates/uv-python/src/discovery.rs): an active conda base, its own
 * installations, then `python3.12`, `python3` and `python` in each directory of the search path. It runs each to learn its
 * version, and takes none of a virtual environment.
 * @param version `3.12`
 */
export function findAsUv(files: MergedFiles, environment: ImageEnvironment, version: string): UvAnswer {
  const names = [`python${version}`, "python3", "python"];
  const candidates = installed(files, environment, names);
  const system = candidates.filter(({ isVirtualEnvironment }) => !isVirtualEnvironment);
  const found = system.find((one) => one.version === version && one.isProven);
  if (found) return { kind: "found", interpreter: found };
  const unproven = system.find((one) => one.version === undefined || one.version === version);
  if (unproven) return { kind: "unproven", interpreter: unproven };
  const active = environment.get("VIRTUAL_ENV");
  const environments = [active, sdkEnvironment].flatMap((folder) => (folder?.startsWith("/") ? `${folder}/bin` : []));
  const inEnvironment = [...candidates, ...allAt(files, paths(environments, names))].find(
    (one) => one.isVirtualEnvironment && one.version === version,
  );
  return inEnvironment ? { kind: "only-in-venv", interpreter: inEnvironment } : { kind: "absent" };
}

/** What uv prints where it finds none, in one line; the hint is missing for versions that it cannot download. */
export function uvRefusal(version: string, preference: PythonPreference): string {
  return `error: No interpreter found for Python ${version} in ${places[preference]}; hint: A managed Python download is available for Python ${version}, but Python downloads are set to 'never'`;
}

const places: Readonly<Record<PythonPreference, string>> = {
  managed: "managed installations or search path",
  system: "search path or managed installations",
  "only-managed": "managed installations",
  "only-system": "search path",
};

/**
 * `3.12` of `PYTHON_VERSION=3.12.4`, which Docker's official images set to what they have in /usr/local/bin, if uv searches
 * there. It shows that this version is there, not that no other is.
 */
export function declaredPython(environment: ImageEnvironment): string | undefined {
  if (pythonPreference(environment) === "only-managed") return undefined;
  if (!searchDirectories(environment).includes("/usr/local/bin")) return undefined;
  return /^(3\.\d+)(?:\.|$)/.exec(environment.get("PYTHON_VERSION") ?? "")?.[1];
}

/** Every version that uv would find, the lowest first. */
export function versionsForUv(files: MergedFiles, environment: ImageEnvironment): string[] {
  const folders = searchDirectories(environment);
  const names = folders.flatMap((folder) => namesIn(files, folder)).filter((name) => /^python3\.\d+$/.test(name));
  const candidates = installed(files, environment, [...new Set(names), "python3", "python"]);
  const versions = new Set(candidates.flatMap(({ version }) => version ?? []));
  return [...versions]
    .filter((version) => findAsUv(files, environment, version).kind === "found")
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** The interpreters of an image that have one of these names, or are uv's own. */
function installed(files: MergedFiles, environment: ImageEnvironment, names: readonly string[]): Interpreter[] {
  const preference = pythonPreference(environment);
  const root = managedDirectory(environment);
  const managed = preference === "only-system" ? [] : allAt(files, managedPaths(files, root));
  if (preference === "only-managed") return managed;
  const system = allAt(files, [...condaPaths(files, environment), ...paths(searchDirectories(environment), names)]);
  const isManaged = ({ file }: Interpreter) => file.startsWith(`${root}/`);
  return [...managed, ...(preference === "only-system" ? system.filter((one) => !isManaged(one)) : system)];
}

/** `cpython-3.12.4-linux-x86_64-gnu`: the version is in the name of the folder, and the program has it in its own. */
function managedPaths(files: MergedFiles, root: string): string[] {
  return namesIn(files, root).flatMap((name) => {
    const version = /^cpython-(3\.\d+)\.\d+(?:(?:a|b|rc)\d+)?-linux-/.exec(name)?.[1];
    return version === undefined ? [] : `${root}/${name}/bin/python${version}`;
  });
}

/**
 * The interpreter of the active conda environment if that is the base one; uv takes others for virtual environments. It
 * tells them apart by the environment's name, which is that of its folder unless it is the base.
 */
function condaPaths(files: MergedFiles, environment: ImageEnvironment): string[] {
  const prefix = environment.get("CONDA_PREFIX") ?? "";
  if (!prefix.startsWith("/")) return [];
  const name = environment.get("CONDA_DEFAULT_ENV");
  const isNamedApart = name !== undefined && name !== prefix && name !== baseName(prefix);
  if (environment.get("_CONDA_ROOT") !== prefix && !isNamedApart) return [];
  return [files.resolve(`${prefix}/bin/python3`).kind === "file" ? `${prefix}/bin/python3` : `${prefix}/bin/python`];
}

function paths(folders: readonly string[], names: readonly string[]): string[] {
  return folders.flatMap((folder) => names.map((name) => `${folder.replace(/(?<!\/)\/+$/, "")}/${name}`));
}

function allAt(files: MergedFiles, candidates: readonly string[]): Interpreter[] {
  return candidates.flatMap((path) => interpreterAt(files, path) ?? []);
}

function namesIn(files: MergedFiles, folder: string): readonly string[] {
  const found = files.resolve(folder);
  return found.kind === "directory" ? found.names : [];
}

/** The variables that an image sets for what runs in it, by name. */
export type ImageEnvironment = ReadonlyMap<string, string>;

/** The PATH that runc and buildkit give to a process whose image sets none. */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The variables of an image's configuration. The last of two with one name wins; a text without `=` sets nothing.
 * @param env `NAME=value`
 */
export function parseImageEnvironment(env: readonly string[]): ImageEnvironment {
  const pairs = env.map((text) => [text, text.indexOf("=")] as const).filter(([, equals]) => equals > 0);
  return new Map(pairs.map(([text, equals]) => [text.slice(0, equals), text.slice(equals + 1)]));
}

/** Directories where uv searches for Python, absolute ones only: relative ones depend on where the build runs it. */
export function searchDirectories(environment: ImageEnvironment): string[] {
  const path = environment.get("UV_PYTHON_SEARCH_PATH") ?? environment.get("PATH") ?? defaultPath;
  return [...new Set(path.split(":").filter((directory) => directory.startsWith("/")))];
}

/** Where uv keeps the Pythons that it has installed itself. */
export function managedDirectory(environment: ImageEnvironment): string {
  const given = nonEmpty(environment, "UV_PYTHON_INSTALL_DIR");
  const data = nonEmpty(environment, "XDG_DATA_HOME") ?? `${homeOf(environment)}/.local/share`;
  return given ?? `${data}/uv/python`;
}

/** The home directory of builds, which run as root unless the image says otherwise. */
function homeOf(environment: ImageEnvironment): string {
  return nonEmpty(environment, "HOME") ?? "/root";
}

/** Where uv and pip read their configuration: uv's documentation (configuration files) and pip's (pip config debug). */
export function configFilePaths(environment: ImageEnvironment): string[] {
  const home = homeOf(environment);
  const userConfig = nonEmpty(environment, "XDG_CONFIG_HOME") ?? `${home}/.config`;
  const systemConfigs = (nonEmpty(environment, "XDG_CONFIG_DIRS") ?? "/etc/xdg").split(":");
  const virtualEnvironment = nonEmpty(environment, "VIRTUAL_ENV");
  const paths = [
    environment.get("UV_CONFIG_FILE"),
    "/etc/uv/uv.toml",
    ...systemConfigs.map((folder) => `${folder}/uv/uv.toml`),
    `${userConfig}/uv/uv.toml`,
    environment.get("PIP_CONFIG_FILE"),
    "/etc/pip.conf",
    ...systemConfigs.map((folder) => `${folder}/pip/pip.conf`),
    `${userConfig}/pip/pip.conf`,
    `${home}/.pip/pip.conf`,
    virtualEnvironment && `${virtualEnvironment}/pip.conf`,
  ];
  return [...new Set(paths.filter((path) => path?.startsWith("/")))].map(String);
}

/** uv and the XDG specification treat an empty variable as one that is not set. */
function nonEmpty(environment: ImageEnvironment, name: string): string | undefined {
  return environment.get(name) || undefined;
}

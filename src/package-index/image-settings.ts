/** What an image says about package indexes. */
export interface ImageSettings {
  /** Its environment variables. */
  environment: ReadonlyMap<string, string>;
  /** Contents of uv's and pip's configuration files by absolute path; undefined for one that is there and was not read. */
  files: ReadonlyMap<string, string | undefined>;
}

/** A variable; nothing if it is empty, which uv, pip and XDG treat as not set. */
export function variable({ environment }: ImageSettings, name: string): string | undefined {
  return environment.get(name) || undefined;
}

/** Where programs look for their configuration, by the XDG base directory specification. */
export function configFolders(image: ImageSettings): { home: string; user: string; system: readonly string[] } {
  // Builds run as root unless the image says otherwise.
  const home = variable(image, "HOME") ?? "/root";
  const user = variable(image, "XDG_CONFIG_HOME") ?? `${home}/.config`;
  return { home, user, system: (variable(image, "XDG_CONFIG_DIRS") ?? "/etc/xdg").split(":") };
}

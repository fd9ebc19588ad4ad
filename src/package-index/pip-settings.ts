import { configFolders, type ImageSettings, variable } from "./image-settings.ts";

/** What a setting of pip is about. */
type PipConcern = "index" | "additional" | "ca" | "trusted-host";

/** A setting that pip reads and uv does not. */
export interface PipSetting {
  concern: PipConcern;
  /** `PIP_INDEX_URL`, `index-url in /etc/pip.conf` */
  name: string;
  value: string;
}

/** Source: https://docs.astral.sh/uv/pip/compatibility (configuration files and environment variables). */
const variables: Readonly<Record<string, PipConcern>> = {
  PIP_INDEX_URL: "index",
  PIP_EXTRA_INDEX_URL: "additional",
  PIP_TRUSTED_HOST: "trusted-host",
  PIP_CERT: "ca",
  REQUESTS_CA_BUNDLE: "ca",
};
const keys: Readonly<Record<string, PipConcern>> = {
  "index-url": "index",
  "extra-index-url": "additional",
  "trusted-host": "trusted-host",
  cert: "ca",
};

/** What an image sets for pip, variables first: they count more. */
export function pipSettings(image: ImageSettings): PipSetting[] {
  const ofVariables = Object.entries(variables).flatMap(([name, concern]) => {
    const value = variable(image, name);
    return value === undefined ? [] : { concern, name, value };
  });
  return [...ofVariables, ...pipFiles(image).flatMap((path) => settingsOf(path, image.files.get(path) ?? ""))];
}

/** The files that pip reads. Source: https://pip.pypa.io/en/stable/topics/configuration */
function pipFiles(image: ImageSettings): string[] {
  const { home, user, system } = configFolders(image);
  const environment = variable(image, "VIRTUAL_ENV");
  const paths = [
    variable(image, "PIP_CONFIG_FILE"),
    environment && `${environment}/pip.conf`,
    `${user}/pip/pip.conf`,
    `${home}/.pip/pip.conf`,
    "/etc/pip.conf",
    ...system.map((folder) => `${folder}/pip/pip.conf`),
  ];
  return [...new Set(paths)].flatMap((path) => (path !== undefined && image.files.has(path) ? path : []));
}

/** The settings in a file of Python's configparser. Only sections that an install reads count. */
function settingsOf(path: string, text: string): PipSetting[] {
  let isRead = false;
  return text.split(/\r?\n/).flatMap((line) => {
    const section = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (section !== undefined) isRead = section === "global" || section === "install";
    const [, key = "", value = ""] = /^([A-Za-z][\w-]*)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    const name = key.toLowerCase().replaceAll("_", "-");
    const concern = Object.hasOwn(keys, name) ? keys[name] : undefined;
    return isRead && concern !== undefined && value !== "" ? { concern, name: `${name} in ${path}`, value } : [];
  });
}

import { join } from "node:path";
import type { Environment } from "../../system/surroundings.ts";

/** What programs and their libraries need of a machine, and where the tools keep logins and policies. */
const passedOn: readonly string[] = [
  "PATH",
  "HOME",
  "TMPDIR",
  "LANG",
  "LC_ALL",
  "TZ",
  "LD_LIBRARY_PATH",
  "XDG_CONFIG_HOME",
  "XDG_RUNTIME_DIR",
  "DOCKER_CONFIG",
  "REGISTRY_AUTH_FILE",
  "REGCTL_CONFIG",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];

/** Variables of the clouds' credential helpers. */
const ofClouds = /^(AWS|GOOGLE|CLOUDSDK|AZURE)_/;

/** How tools reach registries, other than by the caller's environment. */
export interface ToolRoute {
  /** URL of the HTTP proxy; empty without one. */
  proxy: string;
  noProxy: string;
  /** Bundle of public and given CAs; absent if none is given. */
  certificateFile: string | undefined;
  /** Folder of the Docker configuration (config.json) with the logins; absent if there is none. */
  dockerConfigFolder: string | undefined;
}

/** The environment of a tool, and of the credential helpers that it runs: no variable that may change what it does. */
export function toolEnvironment(ours: Environment, route: ToolRoute): Record<string, string> {
  const inherited = Object.entries(ours).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (passedOn.includes(entry[0]) || ofClouds.test(entry[0])),
  );
  const { proxy, noProxy, certificateFile, dockerConfigFolder } = route;
  return {
    ...Object.fromEntries(inherited),
    ...(proxy !== "" && { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }),
    ...(noProxy !== "" && { NO_PROXY: noProxy }),
    ...(certificateFile !== undefined && { SSL_CERT_FILE: certificateFile }),
    // skopeo and crane read a file, the others a folder.
    ...(dockerConfigFolder !== undefined && {
      DOCKER_CONFIG: dockerConfigFolder,
      REGISTRY_AUTH_FILE: join(dockerConfigFolder, "config.json"),
    }),
  };
}

import { join } from "node:path";
import { proxyCredentials, type Route } from "../../network/route.ts";
import { type DockerConfig, parseDockerConfig } from "../../registry/docker-config.ts";
import { routeOf } from "../../settings/load.ts";
import { readNamedText } from "../../settings/named-files.ts";
import type { Settings } from "../../settings/schema.ts";
import type { Environment, ReadFile } from "../../system/surroundings.ts";

/** How registries are reached from a workstation, by this program and by a tool. */
export interface MirrorAccess {
  route: Route;
  insecureHosts: readonly string[];
  /** The Docker configuration with the logins; absent if there is none. */
  logins: { file: string; config: DockerConfig } | undefined;
  /** Texts that no output may contain. */
  secrets: readonly string[];
}

/**
 * How registries are reached: by the CAs and the proxy of the control plane, and with the logins that Docker and Podman know.
 * @throws {RegistrarError} file-unreadable, file-malformed, ca-file-malformed, registry-login-file-malformed
 */
export function readMirrorAccess(
  { controlPlane, registry }: Settings,
  environment: Environment,
  readFile: ReadFile,
): MirrorAccess {
  const route = routeOf(controlPlane, readFile);
  const { proxy } = route;
  const credentials = proxy && proxyCredentials(proxy.url);
  return {
    route,
    insecureHosts: registry.insecureHosts,
    logins: readLogins(registry.authFile, environment, readFile),
    secrets: proxy && credentials ? [proxy.url.password, credentials.password, credentials.authorization] : [],
  };
}

function readLogins(
  authFile: string | undefined,
  environment: Environment,
  readFile: ReadFile,
): MirrorAccess["logins"] {
  const file = authFile ?? usualFiles(environment).find((candidate) => isThere(candidate, readFile));
  if (file === undefined) return undefined;
  return { file, config: parseDockerConfig(readNamedText(file, "registry.authFile", readFile), file) };
}

/** Where `docker login`, `crane auth login` and `skopeo login` write; the first that is there counts, as for skopeo. */
function usualFiles({ REGISTRY_AUTH_FILE, DOCKER_CONFIG, XDG_RUNTIME_DIR, HOME }: Environment): string[] {
  return [
    ...(REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : []),
    ...(DOCKER_CONFIG ? [join(DOCKER_CONFIG, "config.json")] : []),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, "containers/auth.json")] : []),
    ...(HOME ? [join(HOME, ".docker/config.json")] : []),
  ];
}

function isThere(file: string, readFile: ReadFile): boolean {
  try {
    return readFile(file).length > 0;
  } catch {
    // Not there, or not for this user.
    return false;
  }
}

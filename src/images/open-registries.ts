import type { Route } from "../network/route.ts";
import { createRegistryClient } from "../registry/create-registry-client.ts";
import { parseDockerConfig } from "../registry/docker-config.ts";
import { createLogins, type Logins, noLogins } from "../registry/logins.ts";
import { withMirrors } from "../registry/mirrored-client.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { routeOf } from "../settings/load.ts";
import { readNamedText } from "../settings/named-files.ts";
import type { Settings } from "../settings/schema.ts";
import type { Clock } from "../system/clock.ts";
import type { RunProcess } from "../system/process.ts";
import type { Environment, ReadFile } from "../system/surroundings.ts";

/** What asking registries takes from outside. */
export interface RegistriesWorld {
  clock: Clock;
  environment: Environment;
  readFile: ReadFile;
  temporaryFolder: string;
  runProcess: RunProcess;
}

/** Registries as the settings say: how to ask them, and the logins to them. */
export interface Registries {
  client: RegistryClient;
  logins: Logins;
  /** How they are reached. */
  route: Route;
}

/**
 * Opens a client of registries, over the CAs and the proxy of the control plane, with the logins of `registry.authFile`. Nothing is
 * contacted before it is asked.
 * @param protect names a text that no output may show
 * @throws {RegistrarError} file-unreadable, file-malformed, ca-file-malformed, registry-login-file-malformed
 */
export function openRegistries(
  { registry: { authFile, insecureHosts, mirrors }, controlPlane }: Pick<Settings, "registry" | "controlPlane">,
  { clock, environment, readFile, temporaryFolder: cwd, runProcess }: RegistriesWorld,
  protect: (secret: string) => void,
): Registries {
  const route = routeOf(controlPlane, readFile);
  const runner = { runProcess, environment: definedIn(environment), cwd };
  const logins =
    authFile === undefined
      ? noLogins
      : createLogins(
          parseDockerConfig(readNamedText(authFile, "registry.authFile", readFile), authFile),
          authFile,
          runner,
        );
  const client = createRegistryClient({ route, clock, logins, insecureHosts, protect });
  return { client: withMirrors(client, mirrors), logins, route };
}

/** Credential helpers of clouds find their credentials in the environment. */
function definedIn(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

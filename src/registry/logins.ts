import { askHelper, type HelperRunner } from "./credential-helper.ts";
import { type DockerConfig, findLogin, type Secret } from "./docker-config.ts";
import type { ImageReference } from "./image-reference.ts";

/** A stored login to a registry. */
export interface Login {
  secret: Secret;
  /** As references name the registry: `docker.io`. */
  host: string;
  /** The Docker configuration that has it. */
  file: string;
}

/** Stored logins to registries. */
export interface Logins {
  /**
   * The login for a repository, if there is one.
   * @throws {RegistrarError} registry-login-helper-missing, registry-login-helper-failed
   */
  find(reference: Pick<ImageReference, "host" | "repository">, signal: AbortSignal): Promise<Login | undefined>;
}

/** No login at all: registries are asked anonymously. */
export const noLogins: Logins = { find: async () => undefined };

/** The logins of a Docker configuration; each of its helpers is run for each question. */
export function createLogins(config: DockerConfig, file: string, runner: HelperRunner): Logins {
  return {
    async find(reference, signal) {
      const found = findLogin(config, reference);
      if (!found) return undefined;
      const { host } = reference;
      const secret =
        found.kind === "helper" ? await askHelper({ helper: found.helper, host, file }, runner, signal) : found;
      return secret && { secret, host, file };
    },
  };
}

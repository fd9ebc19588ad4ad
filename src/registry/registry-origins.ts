import { apiHostOf, type ImageReference } from "./image-reference.ts";

/** Which registries speak plain HTTP. */
export interface RegistryOrigins {
  /** Whether an address may be spoken to in plain HTTP. */
  mayBeInsecure(url: URL): boolean;
  /** The origin of a registry's API: `https://registry-1.docker.io`. */
  originOf(reference: Pick<ImageReference, "host">): string;
}

/** @param insecureHosts `host:port`, or `host` for port 80 */
export function createRegistryOrigins(insecureHosts: readonly string[]): RegistryOrigins {
  // As in a URL.
  const hosts = insecureHosts.map((host) => host.toLowerCase());
  const mayBeInsecure = ({ hostname, port }: URL) =>
    hosts.includes(`${hostname}:${port || 80}`) || (port === "" && hosts.includes(hostname));
  return {
    mayBeInsecure,
    originOf(reference) {
      const plain = new URL(`http://${apiHostOf(reference)}`);
      return mayBeInsecure(plain) ? plain.origin : new URL(`https://${apiHostOf(reference)}`).origin;
    },
  };
}

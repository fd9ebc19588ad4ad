import { type Address, addressOf } from "./address.ts";
import { bypassesProxy } from "./no-proxy.ts";

/** An HTTP proxy. */
export interface HttpProxy extends Address {
  /** As it was given, with the credentials. */
  url: URL;
}

/** How to connect: which certificates to trust, and through which proxy. */
export interface Route {
  /** Accept any server certificate. */
  skipVerify: boolean;
  /** PEM of CAs to trust in addition to the public ones. */
  certificateAuthorities: string | undefined;
  proxy: HttpProxy | undefined;
  /** Hosts to connect to without the proxy, as in NO_PROXY. */
  noProxy: string;
}

/**
 * Reads the URL of a proxy.
 * @throws {TypeError} if it is no URL
 */
export function parseProxy(text: string): HttpProxy {
  const url = new URL(text);
  return { url, ...addressOf(url) };
}

/** The proxy for a host, if there is one and NO_PROXY does not name the host. */
export function proxyFor(host: Pick<Address, "hostname" | "port">, { proxy, noProxy }: Route): HttpProxy | undefined {
  return proxy && !bypassesProxy(host, noProxy) ? proxy : undefined;
}

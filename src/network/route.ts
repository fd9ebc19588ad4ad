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
 * Reads the address of an HTTP proxy in the forms that curl, Go and flyte 2.12.1 take: `http://…`, `https://…`, or host and
 * port without a scheme, which means http; each may have a user name and a password. A path is ignored.
 * @throws {TypeError} in words that follow "the text", without the text, which may contain a password
 */
export function parseProxy(text: string): HttpProxy {
  const written = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written)?.[1]?.toLowerCase();
  if (scheme?.startsWith("socks")) throw new TypeError("is a SOCKS proxy, which is not supported");
  const url =
    scheme === undefined || /^https?$/.test(scheme) ? URL.parse(scheme ? written : `http://${written}`) : null;
  if (!url) throw new TypeError("is not the address of an HTTP proxy");
  return { url, ...addressOf(url) };
}

/**
 * The credentials in a proxy's URL, and the `Proxy-Authorization` header that carries them; nothing if it has none. As in
 * curl, a `%` that begins no escape stays as it is, and escaped bytes are sent in whatever encoding they have.
 */
export function proxyCredentials({ username, password }: Pick<URL, "username" | "password">) {
  if (username === "" && password === "") return undefined;
  const [name, secret] = [decodeBytes(username), decodeBytes(password)];
  const authorization = `Basic ${Buffer.concat([name, Buffer.from(":"), secret]).toString("base64")}`;
  return { password: secret.toString(), authorization };
}

function decodeBytes(text: string): Buffer {
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, "latin1");
}

/** The proxy for a host, if there is one and NO_PROXY does not name the host. */
export function proxyFor(host: Pick<Address, "hostname" | "port">, { proxy, noProxy }: Route): HttpProxy | undefined {
  return proxy && !bypassesProxy(host, noProxy) ? proxy : undefined;
}

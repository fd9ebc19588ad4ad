import net from "node:net";
import type { Reader } from "../reader.ts";
import { quoteHost, shellQuote } from "../shell-quote.ts";
import { type At, curl, typedUrl } from "./code-entry.ts";

/** Host and port of a URL as network tools take them: `union.example.com:443`, `[::1]:8443`. */
export function authorityOf(endpoint: string): string {
  return quoteHost(plainAuthorityOf(endpoint));
}

function plainAuthorityOf(endpoint: string): string {
  const url = URL.parse(endpoint);
  return url ? `${url.hostname}:${url.port || (url.protocol === "http:" ? "80" : "443")}` : endpoint;
}

/** The host of a URL as it is written there: an IPv6 address has its brackets. */
export function hostOf(endpoint: string): string {
  return quoteHost(URL.parse(endpoint)?.hostname ?? endpoint);
}

/** The address in a URL whose host is one, without brackets; nothing if the host is a name. */
export function ipAddressOf(endpoint: string): string | undefined {
  return net.SocketAddress.parse(plainAuthorityOf(endpoint))?.address;
}

/** Asks a token endpoint as a login does, without credentials: a rejection in JSON shows that there is one. */
export function askForToken({ endpoint }: At, { probe }: Reader): string {
  return probe("curl", `-sv --max-time 10 -d grant_type=client_credentials ${typedUrl(endpoint)}`);
}

/** Asks the API of a container registry: 200, or 401 with a challenge, shows that there is one. */
export function askRegistry({ endpoint }: At, reader: Reader): string {
  return curl({ endpoint: `${endpoint}/v2/` }, reader);
}

/** Shows the certificates that a server presents. A server name (SNI) is never an IP address. */
export function showCertificate({ endpoint }: { endpoint: string }, { probe }: Reader): string {
  // zsh takes the brackets of an IPv6 address for a pattern.
  const server = shellQuote(plainAuthorityOf(endpoint));
  const name = ipAddressOf(endpoint) === undefined ? ` -servername ${hostOf(endpoint)}` : "";
  return probe("openssl", `s_client -connect ${server}${name} -showcerts </dev/null`);
}

import { type Address, addressOf } from "./address.ts";

/** A server of HTTP: the control plane or a token endpoint. */
export interface Endpoint extends Address {
  /** `https://union.example.com` or `http://localhost:8090`: no port if it is the scheme's own. */
  url: string;
  /** Plain HTTP without TLS. */
  insecure: boolean;
}

/**
 * Reads the forms in which an endpoint is written: `dns:///host`, `host`, `host:port`, `https://…`, `http://…`.
 * @returns the endpoint, or what is wrong with the text, in words that follow "the text"
 */
export function parseEndpoint(text: string, insecure: boolean): Endpoint | string {
  const written = text.trim().replace(/^dns:\/{2,3}/, "");
  if (/^https:\/\//i.test(written) && insecure) return "begins with https://, but insecure is true";
  const url = URL.parse(/^[a-z]+:\/\//i.test(written) ? written : `${insecure ? "http" : "https"}://${written}`);
  if (!url || !["http:", "https:"].includes(url.protocol))
    return "is not dns:///host, host, host:port, https://… or http://…";
  if (url.username || url.password) return "contains a user name or password";
  if (url.pathname !== "/" || url.search || url.hash) return "has a path; give host and port only";
  return { url: url.origin, ...addressOf(url), insecure: url.protocol === "http:" };
}

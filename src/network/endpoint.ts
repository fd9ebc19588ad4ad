/** Where the control plane is, in the one form that is used inside. */
export interface Endpoint {
  /** `https://union.example.com` or `http://localhost:8090`; port only where it is not the scheme's own. */
  url: string;
  host: string;
  port: number;
  insecure: boolean;
}

/**
 * Reads the forms in which an endpoint is written: `dns:///host`, `host`, `host:port`, `https://…`, `http://…`.
 * @returns the endpoint, or a sentence that says what is wrong.
 */
export function parseEndpoint(text: string, insecure: boolean): Endpoint | string {
  const written = text.trim().replace(/^dns:\/{2,3}/, "");
  if (/^https:\/\//i.test(written) && insecure) return "begins with https://, but insecure is true";
  const url = URL.parse(/^[a-z]+:\/\//i.test(written) ? written : `${insecure ? "http" : "https"}://${written}`);
  if (!url || !["http:", "https:"].includes(url.protocol))
    return "is not dns:///host, host, host:port, https://… or http://…";
  if (url.username || url.password) return "contains a user name or password";
  if (url.pathname !== "/" || url.search || url.hash) return "has a path; give host and port only";
  const plain = url.protocol === "http:";
  return { url: url.origin, host: url.hostname, port: Number(url.port || (plain ? 80 : 443)), insecure: plain };
}

/** What a proxy answers when it opens no tunnel. */
export interface ProxyAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Without it, the body ends where the connection does. */
  readonly sendsLength: boolean;
  /** Whether the connection stays open afterwards. */
  readonly keepsAlive: boolean;
}

const page = (title: string) =>
  `<!DOCTYPE html>\n<html><head>\n<title>${title}</title>\n</head><body>${title}</body></html>\n`;

/** Measured: Squid 5.7. It keeps the connection after what it refuses, and closes it after what it could not do. */
const squid = (
  status: number,
  reason: string,
  error: string,
  title: string,
  headers: Readonly<Record<string, string>> = {},
) =>
  ({
    status,
    reason,
    headers: {
      server: "squid/5.7",
      "mime-version": "1.0",
      "content-type": "text/html;charset=utf-8",
      "x-squid-error": error,
      ...headers,
    },
    body: page(title),
    sendsLength: true,
    keepsAlive: status === 403 || status === 407,
  }) satisfies ProxyAnswer;

/** Measured: tinyproxy 1.11.1. It sends no length and closes the connection. */
const tinyproxy = (status: number, title: string, headers: Readonly<Record<string, string>> = {}) =>
  ({
    status,
    reason: title,
    headers: { server: "tinyproxy/1.11.1", "content-type": "text/html", ...headers },
    body: page(`${status} ${title}`),
    sendsLength: false,
    keepsAlive: false,
  }) satisfies ProxyAnswer;

const notRetrieved = "ERROR: The requested URL could not be retrieved";

/** The answers of named proxies to a CONNECT that they do not serve. */
export const proxyAnswers = {
  "squid-denied": squid(403, "Forbidden", "ERR_ACCESS_DENIED 0", notRetrieved),
  "squid-login": squid(
    407,
    "Proxy Authentication Required",
    "ERR_CACHE_ACCESS_DENIED 0",
    "ERROR: Cache Access Denied",
    {
      "proxy-authenticate": 'Basic realm="corporate"',
    },
  ),
  "squid-refused": squid(503, "Service Unavailable", "ERR_CONNECT_FAIL 111", notRetrieved),
  "squid-name": squid(500, "Internal Server Error", "ERR_CANNOT_FORWARD 0", notRetrieved),
  // Also what any web server answers that is no proxy.
  "squid-invalid": squid(400, "Bad Request", "ERR_INVALID_URL 0", notRetrieved),
  "tinyproxy-denied": tinyproxy(403, "Access violation"),
  // To wrong credentials, tinyproxy answers as if it were the server.
  "tinyproxy-login": tinyproxy(401, "Unauthorized", { "www-authenticate": 'Basic realm="Tinyproxy"' }),
  "tinyproxy-refused": tinyproxy(500, "Unable to connect"),
  // Several challenges in one header, and none of them Basic: RFC 9110, 11.6.1, and RFC 4559.
  "windows-login": {
    ...squid(407, "Proxy Authentication Required", "", "Access denied"),
    headers: { "proxy-authenticate": "Negotiate, NTLM" },
  },
  // nginx 1.22.1 as a web server; measured.
  "no-proxy": {
    ...squid(405, "Not Allowed", "", "405 Not Allowed"),
    headers: { server: "nginx/1.22.1", "content-type": "text/html" },
  },
  // The block page of a web filter: ooni/blocking-fingerprints.
  zscaler: {
    ...squid(403, "Forbidden", "", "Internet Security by Zscaler"),
    headers: { server: "Zscaler/6.2", "content-type": "text/html" },
  },
} as const satisfies Record<string, ProxyAnswer>;

/** The name of an answer. */
export type ProxyAnswerName = keyof typeof proxyAnswers;

/** An answer as it goes over the wire. */
export function serialize({ status, reason, headers, body, sendsLength, keepsAlive }: ProxyAnswer): string {
  const lines = Object.entries({
    ...headers,
    ...(sendsLength && { "content-length": String(Buffer.byteLength(body)) }),
    connection: keepsAlive ? "keep-alive" : "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${reason}\r\n${lines.join("")}\r\n${body}`;
}

import { beginningOf } from "../findings/cut-text.ts";

/** Why buildkit cannot fetch something, as far as its words say. */
export interface PullFault {
  kind: PullFaultKind;
  /** What buildkit says, in one line and without queries of URLs, which may hold signatures. */
  words: string;
  /** Of the server that it is about, if the words name one: the registry, its mirror, its token endpoint, where it redirects to. */
  host?: string;
  /** To which buildkit has tried to connect: `10.0.0.1:443` */
  address?: string;
}

/** What can be wrong, from the name to the image. */
type PullFaultKind =
  | "name-unknown"
  /** The DNS server fails. */
  | "dns-broken"
  | "dns-silent"
  /** buildkit has waited for a connection in vain, which takes it 30 s. */
  | "dial-timeout"
  /** buildkit has not answered within our deadline: mostly what becomes `dial-timeout`, or the host of the layers. */
  | "no-answer"
  | "unreachable"
  | "refused"
  | "reset"
  | "not-tls"
  | "ca-unknown"
  | "wrong-host"
  /** Something else about the certificate or the handshake. */
  | "certificate"
  | "missing"
  /** The registry requires a login, or refuses that of the session. Many say so of repositories that do not exist. */
  | "login-required"
  | "forbidden"
  | "rate-limited"
  | "server-error"
  /** A page of HTML in place of a manifest: a proxy has answered. */
  | "proxy-page"
  /** The index lists no image for the platform. */
  | "architecture"
  /** The registry answers, and buildkit has not got a token for it. In a build, the build's pod asks for it and not buildkit. */
  | "token-endpoint"
  | "other";

/**
 * Words of buildkit, of containerd's resolver and of Go's network, in 0.16.0 and 0.34.2 (testing/recordings/buildkit-*.json); the
 * first row that matches counts. What a server says follows buildkit's own words, so the rows about its answers come first.
 */
const kinds: readonly (readonly [words: RegExp, kind: PullFaultKind])[] = [
  [
    /\bfailed to fetch (anonymous|oauth) token: (unexpected status from .*: 40[13]\b|denied:|unauthorized:)/,
    "login-required",
  ],
  [/\bfailed to fetch (anonymous|oauth) token\b/, "token-endpoint"],
  [/\b(pull access denied|insufficient_scope|no basic auth credentials)\b/, "login-required"],
  // Without a session, and in 0.16.0 for every challenge.
  [/\bno active sessions\b/, "login-required"],
  [/\bunexpected status from \S+ request to \S+: 401\b/, "login-required"],
  [/\bunexpected status from \S+ request to \S+: 403\b/, "forbidden"],
  [/\bunexpected status from \S+ request to \S+: 404\b/, "missing"],
  [/\bunexpected status from \S+ request to \S+: 429\b/, "rate-limited"],
  [/\bunexpected status from \S+ request to \S+: 5\d\d\b/, "server-error"],
  // The second one is buildctl's, of a build.
  [/\b(?:unexpected media type|encountered unknown type) text\/html\b/, "proxy-page"],
  [/\bno match for platform\b/, "architecture"],
  [/\blookup \S+.*: no such host\b/, "name-unknown"],
  [/\blookup \S+.*\bi\/o timeout\b/, "dns-silent"],
  [/\bdial tcp: lookup \S+/, "dns-broken"],
  [/\bdial tcp \S+: i\/o timeout\b/, "dial-timeout"],
  [/: connection refused\b/, "refused"],
  [/: (network is unreachable|no route to host)\b/, "unreachable"],
  [/\bserver gave HTTP response to HTTPS client\b|\bfirst record does not look like a TLS handshake\b/, "not-tls"],
  [/\bx509: certificate signed by unknown authority\b/, "ca-unknown"],
  [
    /\bx509: (certificate is (not )?valid for|cannot validate certificate for|certificate is not valid for any)\b/,
    "wrong-host",
  ],
  [/\b(x509|tls): /, "certificate"],
  [/\bTLS handshake timeout\b|\bcontext deadline exceeded\b/, "no-answer"],
  [/: (connection reset by peer|broken pipe|unexpected EOF|EOF)\b/, "reset"],
  [/: not found$/, "missing"],
];

/**
 * Finds the fault in buildkit's words: the message of a Solve that has failed.
 * @param message anything, of any length
 */
export function pullFaultOf(message: string): PullFault {
  const words = tidy(message);
  const kind = kinds.find(([pattern]) => pattern.test(words))?.[1] ?? "other";
  // Commands that people copy are made from these, so they are letters, digits and what hosts have in addition.
  const host = /\bhttps?:\/\/([\w.:[\]-]+)/.exec(words)?.[1] ?? /\blookup ([\w.-]+)/.exec(words)?.[1];
  const address =
    /\bdial tcp ([\w.:[\]-]+:\d+): /.exec(words)?.[1] ?? /\bread tcp \S+->([\w.:[\]-]+:\d+): /.exec(words)?.[1];
  return { kind, words, ...(host !== undefined && { host }), ...(address !== undefined && { address }) };
}

/** Longest message that is read, in characters: that of a server is in it. */
const longestWords = 600;

/** What buildkit puts before every failure of a source. */
const prefix = /^failed to load cache key: /;

function tidy(message: string): string {
  const tidied = beginningOf(message, 4 * longestWords)
    .replace(/[\s\p{Cc}\u{fffd}]+/gu, " ")
    .replace(/(\bhttps?:\/\/)[^\s/"@]*@/g, "$1")
    .replace(/(\bhttps?:\/\/[^\s"?]+)\?[^\s"]*?(?=:?(?:[\s"]|$))/g, "$1")
    .trim()
    .replace(prefix, "");
  return beginningOf(tidied, longestWords);
}

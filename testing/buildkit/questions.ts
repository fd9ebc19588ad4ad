import type { PullAnswer } from "../../src/buildkit/ask-buildkit.ts";
import type { UrlAnswer } from "../../src/buildkit/url-answer.ts";
import type { ImageReference } from "../../src/registry/image-reference.ts";

/** A question to a buildkitd in the lab, and the kind of fault that its words are. */
export interface LabQuestion {
  /** What is wrong in the lab: a row of the recordings. */
  row: string;
  /** `images.test/team/app:1` */
  image: string;
  architecture?: "amd64" | "arm64";
  /** Whether buildkit gets the credentials that the registries accept. */
  withLogin?: boolean;
  kind: PullAnswer["kind"];
  /** Where the error of the registry wins over that of its mirror: in 0.16.0. */
  olderKind?: PullAnswer["kind"];
  /** buildkit takes longer over it than we wait. */
  isSlow?: boolean;
}

/** Takes an image of the lab apart: `images.test:444/team/app:1`. */
export function referenceOf(image: string): ImageReference {
  const [, host = "", repository = "", tag] = /^([^/]+)\/(.+):([^:]+)$/.exec(image) ?? [];
  return { host, repository, tag, digest: undefined };
}

/** Every cause that buildkit tells apart, as the lab has it. */
export const labQuestions: readonly LabQuestion[] = [
  { row: "available", image: "images.test/team/app:1", kind: "available" },
  { row: "available through a mirror", image: "mirrored-unknown.test/team/app:1", kind: "available" },
  { row: "available with anonymous tokens", image: "tokens.test/team/app:1", kind: "available" },
  { row: "available with a login", image: "basic.test/team/app:1", withLogin: true, kind: "available" },
  {
    row: "available with tokens for a login",
    image: "tokens-denied.test/team/app:1",
    withLogin: true,
    kind: "available",
  },
  { row: "available for another machine", image: "images.test/team/app:1", architecture: "arm64", kind: "available" },
  // buildkit does not look into an image that is for one machine alone.
  { row: "one image for another machine", image: "images.test/team/app:other-machine-alone", kind: "available" },
  { row: "index for other machines", image: "images.test/team/app:other-machine", kind: "architecture" },
  { row: "no such tag", image: "images.test/team/app:none", kind: "missing" },
  {
    row: "missing in a mirror, and upstream unknown",
    image: "mirrored-unknown.test/team/app:none",
    kind: "missing",
    olderKind: "name-unknown",
  },
  { row: "no such name", image: "unknown-name.test/team/app:1", kind: "name-unknown" },
  { row: "broken DNS", image: "broken-dns.test/team/app:1", kind: "dns-broken" },
  { row: "silent DNS", image: "silent-dns.test/team/app:1", kind: "dns-silent", isSlow: true },
  { row: "private black hole", image: "hole-private.test/team/app:1", kind: "dial-timeout", isSlow: true },
  { row: "public black hole", image: "hole-public.test/team/app:1", kind: "dial-timeout", isSlow: true },
  {
    row: "missing in a mirror, and upstream behind a black hole",
    image: "mirrored-hole-private.test/team/app:none",
    kind: "missing",
    olderKind: "dial-timeout",
    isSlow: true,
  },
  { row: "no route", image: "no-route.test/team/app:1", kind: "unreachable" },
  { row: "refused", image: "images.test:444/team/app:1", kind: "refused" },
  { row: "cut off", image: "images.test:445/team/app:1", kind: "reset" },
  { row: "plain HTTP", image: "images.test:80/team/app:1", kind: "not-tls" },
  { row: "unknown CA", image: "unknown-ca.test/team/app:1", kind: "ca-unknown" },
  { row: "certificate of another host", image: "wrong-name.test/team/app:1", kind: "wrong-host" },
  { row: "expired certificate", image: "expired.test/team/app:1", kind: "certificate" },
  { row: "basic without a login", image: "basic.test/team/app:2", kind: "login-required" },
  { row: "tokens that give no right", image: "tokens-denied.test/team/app:2", kind: "login-required" },
  { row: "token endpoint refuses connections", image: "tokens-refused.test/team/app:1", kind: "token-endpoint" },
  { row: "token endpoint of an unknown CA", image: "tokens-unknown-ca.test/team/app:1", kind: "token-endpoint" },
  { row: "token endpoint of an unknown name", image: "tokens-unknown-name.test/team/app:1", kind: "token-endpoint" },
  { row: "token endpoint that gives none", image: "tokens-rejected.test/team/app:1", kind: "login-required" },
  {
    row: "token endpoint that gives none for a login",
    image: "tokens-rejected.test/team/app:2",
    withLogin: true,
    kind: "login-required",
  },
  { row: "forbidden", image: "forbidden.test/team/app:1", kind: "forbidden" },
  { row: "forbidden by a page", image: "forbidden-page.test/team/app:1", kind: "forbidden" },
  { row: "rate limit", image: "rate-limited.test/team/app:1", kind: "rate-limited" },
  { row: "server error", image: "unavailable.test/team/app:1", kind: "server-error" },
  { row: "page of a proxy", image: "proxy-page.test/team/app:1", kind: "proxy-page" },
  { row: "layers behind a black hole", image: "no-bucket.test/team/app:1", kind: "no-answer", isSlow: true },
];

/** A question about a URL. */
export interface LabUrl {
  row: string;
  url: string;
  answer: Partial<UrlAnswer>;
  isSlow?: boolean;
}

/** How far buildkit comes with a URL. Of https, no certificate of the lab is trusted by the system's CAs. */
export const labUrls: readonly LabUrl[] = [
  { row: "URL that answers", url: "http://images.test/simple", answer: { kind: "answers", status: 404 } },
  { row: "URL that requires a login", url: "http://basic.test/v2/", answer: { kind: "answers", status: 401 } },
  {
    row: "URL behind a proxy that asks for a login",
    url: "http://proxy-page.test/",
    answer: { kind: "answers", status: 200 },
  },
  { row: "URL with a CA that is not the system's", url: "https://images.test/v2/", answer: { kind: "untrusted" } },
  { row: "URL of an unknown name", url: "https://unknown-name.test/simple/", answer: { kind: "name-unknown" } },
  { row: "URL that refuses", url: "https://images.test:444/simple/", answer: { kind: "refused" } },
  {
    row: "URL in a black hole",
    url: "https://hole-public.test/simple/",
    answer: { kind: "dial-timeout" },
    isSlow: true,
  },
];

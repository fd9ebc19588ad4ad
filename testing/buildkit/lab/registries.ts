import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { createSecureContext } from "node:tls";
import { type Authority, createAuthority } from "../../certificates/certificates.ts";
import type { ServerCertificate } from "../../control-plane/listener.ts";
import { createImages, type ImageStore } from "./images.ts";
import { labAddress } from "./network.ts";

/** The only credentials that registries of the lab accept. */
export const labLogin = { username: "robot", password: "let-me-in" } as const;

/** An answer of HTTP. */
interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | undefined;
}

type Handle = (request: IncomingMessage) => Answer;

const json = "application/json";

/** What registries say of an error (OCI distribution specification 1.1, error codes). */
function refuse(status: number, code: string, message: string, headers: Answer["headers"] = {}): Answer {
  return {
    status,
    headers: { "content-type": json, ...headers },
    body: JSON.stringify({ errors: [{ code, message }] }),
  };
}

/** A registry that has `team/app`, and under the path of a mirror too. */
const serve =
  (images: ImageStore): Handle =>
  ({ url = "" }) => {
    const [, kind = "", reference = ""] = /^\/v2\/(?:mirror\/)?team\/app\/(manifests|blobs)\/([^?]+)/.exec(url) ?? [];
    if (/^\/v2\/$/.test(url)) return { status: 200, headers: { "content-type": json }, body: "{}" };
    const found = kind === "" ? undefined : images.find(reference);
    if (!found) return refuse(404, "MANIFEST_UNKNOWN", "manifest unknown");
    const { type, digest, body } = found;
    return { status: 200, headers: { "content-type": type, "docker-content-digest": digest }, body };
  };

const serveImages = serve(createImages());
const serveOwnImages = serve(createImages("no-bucket"));

const basic = `Basic ${Buffer.from(`${labLogin.username}:${labLogin.password}`).toString("base64")}`;

const withBasic: Handle = (request) =>
  request.headers.authorization === basic
    ? serveImages(request)
    : refuse(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": 'Basic realm="lab"' });

/** Sends whoever has no token to a token endpoint. */
function withTokens(realm: string, accepts: (token: string | undefined) => boolean): Handle {
  return (request) => {
    const { authorization } = request.headers;
    if (accepts(authorization?.replace(/^Bearer /, ""))) return serveImages(request);
    const failure = authorization === undefined ? "" : ',error="insufficient_scope"';
    const challenge = `Bearer realm="${realm}",service="lab",scope="repository:team/app:pull"${failure}`;
    return refuse(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": challenge });
  };
}

/** Gives a token for an image that everybody may pull, or with the right password. */
const giveToken: Handle = ({ headers }) => {
  const token = headers.authorization === basic ? "robots-token" : "anonymous-token";
  return { status: 200, headers: { "content-type": json }, body: JSON.stringify({ token, expires_in: 60 }) };
};

const servePage: Handle = () => ({
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<html><head><title>Sign in to the network</title></head></html>",
});

/** The hosts of the lab; any other has the images. */
const hosts: Readonly<Record<string, Handle>> = {
  "basic.test": withBasic,
  "tokens.test": withTokens("https://token.test/token", (token) => token !== undefined),
  "tokens-denied.test": withTokens("https://token.test/token", (token) => token === "robots-token"),
  "tokens-refused.test": withTokens("https://token.test:444/token", () => false),
  "tokens-unknown-ca.test": withTokens("https://unknown-ca.test/token", () => false),
  "tokens-unknown-name.test": withTokens("https://unknown-name.test/token", () => false),
  "tokens-rejected.test": withTokens("https://token-rejects.test/token", () => false),
  "token.test": giveToken,
  "token-rejects.test": () => refuse(403, "DENIED", "policy of the lab forbids it"),
  "forbidden.test": () => refuse(403, "DENIED", "the policy of the endpoint denies ecr:BatchGetImage"),
  "forbidden-page.test": () => ({
    status: 403,
    headers: { "content-type": "text/html" },
    body: "<html><head><title>Access Denied</title></head></html>",
  }),
  "rate-limited.test": () => refuse(429, "TOOMANYREQUESTS", "You have reached your unauthenticated pull rate limit."),
  "unavailable.test": () => refuse(503, "UNAVAILABLE", "down for maintenance"),
  "proxy-page.test": servePage,
  "no-bucket.test": (request) =>
    /\/blobs\//.test(request.url ?? "")
      ? { status: 307, headers: { location: "https://hole-private.test/bucket" } }
      : serveOwnImages(request),
};

/** Serves all registries of the lab at its address. What they say cannot be read by whoever does not trust the CA. */
export async function startRegistries(): Promise<{ trusted: Authority }> {
  const trusted = await createAuthority("Lab CA");
  const other = await createAuthority("Nobody's CA");
  const special: Readonly<Record<string, ServerCertificate>> = {
    "unknown-ca.test": await other.issue({ dnsNames: ["unknown-ca.test"] }),
    "wrong-name.test": await trusted.issue({ dnsNames: ["registry.corp"] }),
    "expired.test": await trusted.issue({
      dnsNames: ["expired.test"],
      notBefore: new Date("2020-01-01"),
      notAfter: new Date("2021-01-01"),
    }),
  };
  const contextOf = ({ certificatePem, keyPem }: ServerCertificate) =>
    createSecureContext({ cert: certificatePem, key: keyPem });
  const usual = contextOf(await trusted.issue({ dnsNames: ["*.test"] }));
  const reply = (request: IncomingMessage, response: ServerResponse) => {
    const handle = hosts[request.headers.host ?? ""] ?? serveImages;
    const { status, headers = {}, body = "" } = handle(request);
    response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
    response.end(request.method === "HEAD" ? "" : body);
  };
  const secure = createSecureServer(
    {
      SNICallback: (name, choose) => {
        const certificate = special[name];
        choose(null, certificate ? contextOf(certificate) : usual);
      },
    },
    reply,
  );
  secure.listen(443, labAddress);
  createServer(reply).listen(80, labAddress);
  // Whoever says something is cut off.
  createTcpServer((socket) => socket.once("data", () => socket.resetAndDestroy())).listen(445, labAddress);
  return { trusted };
}

import { randomUUID, sign, X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listen, type ServerCertificate } from "../control-plane/listener.ts";
import { tokenService } from "./real-registry.ts";

/** What a token server is like. */
export interface TokenServerOptions {
  /** Signs the tokens; its CA is the registry's `rootcertbundle`. */
  readonly signer: ServerCertificate;
  readonly tls?: ServerCertificate | undefined;
  /** The login; without it, everybody gets tokens. */
  readonly login?: { readonly username: string; readonly password: string; readonly refreshToken?: string };
  /** Whether everybody may pull from these repositories. */
  readonly isPublic?: (repository: string) => boolean;
}

/** A running token server. */
export interface TokenServer extends AsyncDisposable {
  readonly realm: string;
  /** What each request had as login: `anonymous`, a user name, or `refresh token`. */
  readonly logins: readonly string[];
}

/**
 * Starts a token server for registries of distribution: by GET with Basic authentication and by POST with a refresh token
 * (https://distribution.github.io/distribution/spec/auth/token/, …/oauth/). As that of Docker Hub it grants a token to everybody,
 * with those of the asked rights that the login has; a wrong login is answered by 401.
 */
export async function startTokenServer(options: TokenServerOptions): Promise<TokenServer> {
  const { login, isPublic = () => false, signer, tls } = options;
  const logins: string[] = [];
  const grant = async (request: IncomingMessage, response: ServerResponse) => {
    const form = await fieldsOf(request);
    const identity = identityOf(request, form, login);
    logins.push(identity ?? "refused");
    if (identity === undefined) return answer(response, 401, { details: "incorrect username or password" });
    const isLoggedIn = login === undefined || identity !== "anonymous";
    const token = tokenFor(form.get("scope") ?? "", (repository) => isLoggedIn || isPublic(repository), signer);
    const field = request.method === "POST" ? "access_token" : "token";
    return answer(response, 200, { [field]: token, expires_in: 300 });
  };
  const listener = await listen({
    tls,
    httpVersions: "http/1.1",
    handle: (request, response) => void grant(request as IncomingMessage, response as ServerResponse),
  });
  return { realm: `${listener.url}/token`, logins, [Symbol.asyncDispose]: () => listener.close() };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function fieldsOf(request: IncomingMessage): Promise<URLSearchParams> {
  if (request.method === "POST") return new URLSearchParams(await text(request));
  return new URL(request.url ?? "", "http://localhost").searchParams;
}

/** Who asks; nothing if the login is wrong. */
function identityOf(
  { headers }: IncomingMessage,
  form: URLSearchParams,
  login: TokenServerOptions["login"],
): string | undefined {
  const refreshToken = form.get("refresh_token");
  if (refreshToken !== null) return refreshToken === login?.refreshToken ? "refresh token" : undefined;
  if (headers.authorization === undefined) return "anonymous";
  const expected = `Basic ${Buffer.from(`${login?.username}:${login?.password}`).toString("base64")}`;
  return headers.authorization === expected ? login?.username : undefined;
}

/** A JSON Web Token with the certificate of its signer (RFC 7515, `x5c`), which both registries take. */
function tokenFor(scope: string, mayPull: (repository: string) => boolean, signer: ServerCertificate): string {
  const [, type = "", name = "", actions = ""] = /^([^:]+):(.*):([^:]*)$/.exec(scope) ?? [];
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: tokenService.issuer,
    sub: "",
    aud: tokenService.service,
    exp: now + 300,
    nbf: now - 10,
    iat: now,
    jti: randomUUID(),
    access: mayPull(name) ? [{ type, name, actions: actions.split(",") }] : [],
  };
  const certificate = new X509Certificate(signer.certificatePem).raw.toString("base64");
  const signed = [{ alg: "ES256", typ: "JWT", x5c: [certificate] }, claims].map(encode).join(".");
  const signature = sign("sha256", Buffer.from(signed), { key: signer.keyPem, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

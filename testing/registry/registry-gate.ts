import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { errorBody } from "./registry-faults.ts";

/** Whom a registry lets in. */
export interface GateOptions {
  /** Asks for a login with user name and password, or for a token, of its own token endpoint or another one's. */
  readonly auth?: "basic" | "token";
  /** By default `builder` with `open sesame`; `refreshToken` is for `auth: "token"`. */
  readonly login?: RegistryLogin;
  /** Repositories that a token without a login is good for. */
  readonly publicRepositories?: readonly string[];
  /** Repositories that not even the login may pull from. */
  readonly deniedRepositories?: readonly string[];
  /** Where the token endpoint says that it is; at the registry unless told otherwise. */
  readonly realm?: string;
}

interface RegistryLogin {
  readonly username: string;
  readonly password: string;
  readonly refreshToken?: string;
}

export const registryLogin = { username: "builder", password: "open sesame", refreshToken: "a refresh token" } as const;

/** What lets in. */
export interface Gate {
  isLoggedIn(authorization: string | undefined, repository: string): boolean;
  /** The value of `WWW-Authenticate` for a request that is not let in. */
  challengeFor(repository: string, authorization: string | undefined): string;
  /** Answers at the token endpoint. */
  grant(request: IncomingMessage, response: ServerResponse): Promise<void>;
  expireTokens(): void;
}

/** Creates what lets in; it grants tokens without rights, as Docker Hub does, where the login has none. */
export function createGate(options: GateOptions): Gate {
  const { auth, login = registryLogin, publicRepositories = [], deniedRepositories = [], realm } = options;
  /** The scope that each is good for. */
  const tokens = new Map<string, string>();
  const tokenOf = (authorization = "") => authorization.replace(/^Bearer /, "");
  return {
    isLoggedIn(authorization, repository) {
      if (auth === undefined) return true;
      if (auth === "basic") return authorization === basicOf(login);
      return tokens.get(tokenOf(authorization)) === `repository:${repository}:pull`;
    },
    challengeFor(repository, authorization) {
      if (auth === "basic") return 'Basic realm="Registry"';
      const scope = repository && `,scope="repository:${repository}:pull"`;
      const error = tokens.has(tokenOf(authorization)) ? "insufficient_scope" : "invalid_token";
      const why = authorization?.startsWith("Bearer ") ? `,error="${error}"` : "";
      return `Bearer realm="${realm}",service="registry.test"${scope}${why}`;
    },
    async grant(request, response) {
      const { method, url = "", headers } = request;
      const { searchParams } = new URL(url, "http://localhost");
      const fields = method === "POST" ? new URLSearchParams(await text(request)) : searchParams;
      const refreshToken = fields.get("refresh_token");
      const isKnown =
        refreshToken === null ? headers.authorization === basicOf(login) : refreshToken === login.refreshToken;
      // RFC 6749, 5.2.
      if (!isKnown && refreshToken !== null)
        return answerJson(response, 400, JSON.stringify({ error: "invalid_grant" }));
      if (!isKnown && headers.authorization !== undefined)
        return answerJson(response, 401, errorBody("UNAUTHORIZED", "incorrect username or password"));
      const scope = fields.get("scope") ?? "";
      const includes = (names: readonly string[]) => names.some((name) => scope === `repository:${name}:pull`);
      const isGranted = isKnown ? !includes(deniedRepositories) : includes(publicRepositories);
      const token = randomUUID();
      tokens.set(token, isGranted ? scope : "");
      const field = method === "POST" ? "access_token" : "token";
      return answerJson(response, 200, JSON.stringify({ [field]: token, expires_in: 300 }));
    },
    expireTokens: () => tokens.clear(),
  };
}

function basicOf({ username, password }: RegistryLogin): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

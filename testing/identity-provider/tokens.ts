import { randomBytes } from "node:crypto";
import type { ProductName } from "./products.ts";
import type { TokenRequest } from "./token-endpoint.ts";

/** The one OAuth client that a control plane knows, and what its token endpoint asks for. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly publishedScopes?: readonly string[];
  readonly audience?: string;
  readonly publishedAudience?: string;
  readonly publishedTokenEndpoint?: string;
  readonly authorizationHeader: string;
  /** What the token endpoint behaves as. */
  readonly product: ProductName;
  /** False: the client is known, and may get no token. */
  readonly mayLogIn?: boolean;
  /** Told of each token request as it came. */
  readonly onTokenRequest?: (request: TokenRequest) => void;
}

/** Access tokens: issued, recognised until they expire, and revoked. */
export interface Tokens {
  issue(clientId: string): { accessToken: string; expiresIn: number };
  /** The client that a header value `Bearer …` belongs to, if it holds a valid token. */
  identify(header: string | undefined): string | undefined;
  revoke(): void;
}

/** A store of opaque access tokens that live for `lifetimeSeconds` of the given clock. */
export function createTokens(now: () => Date, lifetimeSeconds: number): Tokens {
  const issued = new Map<string, { clientId: string; expiresAt: number }>();
  return {
    issue(clientId) {
      const accessToken = randomBytes(24).toString("base64url");
      issued.set(accessToken, { clientId, expiresAt: now().getTime() + lifetimeSeconds * 1000 });
      return { accessToken, expiresIn: lifetimeSeconds };
    },
    identify(header) {
      const accessToken = /^Bearer (\S+)$/i.exec(header ?? "")?.[1] ?? "";
      const token = issued.get(accessToken);
      return token !== undefined && now().getTime() < token.expiresAt ? token.clientId : undefined;
    },
    revoke: () => issued.clear(),
  };
}

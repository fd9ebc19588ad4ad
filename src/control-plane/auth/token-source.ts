import type { Transport } from "@connectrpc/connect";
import { problem } from "../../findings/registrar-error.ts";
import type { Endpoint } from "../../network/endpoint.ts";
import type { Fetch } from "../../network/fetch.ts";
import { isLocalHost } from "../../network/local-host.ts";
import type { Credentials } from "../../settings/credentials.ts";
import type { Clock } from "../../system/clock.ts";

/** A token and the HTTP header that carries it. */
export interface Token {
  header: string;
  value: string;
}

/** Runs a program and returns its output; failures are `external-command-failed`. */
export type RunCommand = (command: readonly [string, ...string[]], signal: AbortSignal) => Promise<string>;

/** Where tokens come from. */
export interface TokenSource {
  /** The client id, or words for a caller that has none, for messages. */
  identity: string;
  /** Gets a token; nothing if no credentials are set or no token is required. */
  token(transport: Transport, signals: TokenSignals): Promise<Token | undefined>;
}

/** Signals that end a request for a token. */
export interface TokenSignals {
  /** Ends one attempt on the network. */
  attempt: AbortSignal;
  /** Ends all attempts. A command runs under this one: its own timeout may be longer than that of an attempt. */
  request: AbortSignal;
}

/** Names the owner of credentials, in words that fit before "may not" and after "the token of". */
export function describeIdentity(credentials: Credentials): string {
  switch (credentials.type) {
    case "none":
      return "a caller without credentials";
    case "clientSecret":
      return credentials.clientId;
    case "externalCommand":
      return `the caller that ${credentials.command[0]} logs in`;
  }
}

/** What a token source depends on. */
export interface TokenDependencies {
  fetch: Fetch;
  clock: Clock;
  runCommand: RunCommand;
  /** The control plane: it names the token endpoint. */
  endpoint: Endpoint;
}

/**
 * Creates the source of tokens for credentials. Token endpoint, audience, header and, unless the settings have some, scopes come
 * from the control plane's AuthMetadataService, as for the SDK; a control plane that does not implement it requires no token.
 */
export function createTokenSource(
  credentials: Credentials,
  { fetch, clock, runCommand, endpoint }: TokenDependencies,
): TokenSource {
  const identity = describeIdentity(credentials);
  switch (credentials.type) {
    case "none":
      return { identity, token: async () => undefined };
    case "clientSecret":
      return {
        identity,
        async token(transport, { attempt }) {
          const [{ discover }, { requestToken }] = await Promise.all([
            import("./discovery.ts"),
            import("./client-credentials.ts"),
          ]);
          const discovered = await discover(transport, attempt);
          if (!discovered) return undefined;
          requireSecure(discovered.tokenEndpoint, endpoint);
          const value = await requestToken(discovered, credentials, { fetch, clock }, attempt);
          return { header: discovered.header, value };
        },
      };
    case "externalCommand":
      return {
        identity,
        async token(transport, { attempt, request }) {
          const { discover } = await import("./discovery.ts");
          const header = (await discover(transport, attempt))?.header ?? "authorization";
          return { header, value: (await runCommand(credentials.command, request)).trim() };
        },
      };
  }
}

/**
 * Keeps the client secret off an open line, whatever the control plane names: plain HTTP may only be named for a host of this cluster,
 * or by a control plane that is reached in plain HTTP itself.
 * @throws {RegistrarError} token-endpoint-insecure
 */
function requireSecure(published: string, { url, insecure }: Endpoint): void {
  const { protocol, hostname = "" } = URL.parse(published) ?? {};
  if (protocol === "https:" || (protocol === "http:" && (insecure || isLocalHost(hostname)))) return;
  throw problem("token-endpoint-insecure", { endpoint: url, published });
}

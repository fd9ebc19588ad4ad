import type { Transport } from "@connectrpc/connect";
import type { FetchOptions } from "../../network/fetch.ts";
import type { Credentials } from "../../settings/credentials.ts";

/** A token and the HTTP header that carries it. */
export interface Token {
  header: string;
  value: string;
}

/** Runs a program and gives what it printed; its failures are `external-command-failed`. */
export type RunCommand = (command: readonly [string, ...string[]], signal: AbortSignal) => Promise<string>;

/** How tokens are come by. */
export interface TokenSource {
  /** The client id, or what stands for it, for messages. */
  identity: string;
  /** A token, or nothing where none is configured or the control plane wants none. */
  token(transport: Transport, signals: TokenSignals): Promise<Token | undefined>;
}

/** What ends the getting of a token. */
export interface TokenSignals {
  /** Ends one attempt on the network. */
  attempt: AbortSignal;
  /** Ends all attempts: a command has a time-out of its own, which may be longer than that of an attempt. */
  request: AbortSignal;
}

/** Who these credentials are, in words that go before "may not" and after "the token of". */
export function identityOf(credentials: Credentials): string {
  switch (credentials.type) {
    case "none":
      return "a caller without credentials";
    case "clientSecret":
      return credentials.clientId;
    case "externalCommand":
      return `the caller that ${credentials.command[0]} logs in`;
  }
}

/** What token sources need of the world. */
export interface TokenDependencies {
  fetch: (url: string, options: FetchOptions) => Promise<Response>;
  runCommand: RunCommand;
}

/**
 * The source of tokens for these credentials. Endpoint, scopes, audience and header come from the control plane's
 * AuthMetadataService, as for the SDK; a control plane that does not implement it wants no token.
 */
export function tokenSource(credentials: Credentials, { fetch, runCommand }: TokenDependencies): TokenSource {
  const identity = identityOf(credentials);
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
          return { header: discovered.header, value: await requestToken(discovered, credentials, fetch, attempt) };
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

import type { Transport } from "@connectrpc/connect";
import type { Token, TokenSignals, TokenSource } from "./auth/token-source.ts";

/** The login of a session and of its siblings: all of them send the same token. */
export interface Login {
  /** The client id, or words for a caller that has none. */
  identity: string;
  /** The token to send; nothing before the login, or if none is required. */
  token(): Token | undefined;
  /**
   * Logs in, unless that has been done.
   * @param open opens a connection to the control plane, which says where tokens come from
   */
  ensure(open: Open, signals: TokenSignals): Promise<void>;
  /** Notes that a token was accepted: if it is refused later, it has expired or been revoked. */
  accept(token: Token | undefined): void;
  /**
   * Replaces a token that was refused, once for all requests that were refused with it, and as often as tokens expire.
   * @returns whether there is another one now; not if the refused one was itself a replacement and has never been accepted
   */
  replace(refused: Token | undefined, open: Open, signals: TokenSignals): Promise<boolean>;
}

type Open = (attempt: AbortSignal) => Promise<Transport>;

/**
 * Creates a login, which has not happened yet.
 * @param protect is told of each token, so that no output shows it
 */
export function createLogin(source: TokenSource, protect: (secret: string) => void): Login {
  let token: Token | undefined;
  let loggedIn = false;
  let isRefusalFinal = false;
  /** The login that is happening: other requests wait for it. */
  let pending: Promise<void> | undefined;
  const logIn = async (open: Open, signals: TokenSignals) => {
    token = undefined;
    loggedIn = false;
    token = await source.token(await open(signals.attempt), signals);
    if (token) protect(token.value);
    loggedIn = true;
  };
  const logInOnce = (open: Open, signals: TokenSignals) => {
    pending ??= logIn(open, signals).finally(() => {
      pending = undefined;
    });
    return pending;
  };
  return {
    identity: source.identity,
    token: () => token,
    ensure: async (open, signals) => {
      if (!loggedIn) await logInOnce(open, signals);
    },
    accept: (accepted) => {
      if (accepted === token) isRefusalFinal = false;
    },
    async replace(refused, open, signals) {
      if (!refused) return false;
      if (token === refused) {
        if (isRefusalFinal) return false;
        isRefusalFinal = true;
        await logInOnce(open, signals);
      }
      await pending;
      return true;
    },
  };
}

import type { Interceptor, Transport } from "@connectrpc/connect";
import { RegistrarError } from "../findings/registrar-error.ts";
import { createFetch } from "../network/fetch.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { retry } from "../system/retry.ts";
import { createTokenSource, type RunCommand, type Token, type TokenSignals } from "./auth/token-source.ts";
import { plainPortFailure } from "./plain-port-failures.ts";
import { isUnauthenticated, requestFailure } from "./request-failures.ts";
import { type OpenTransport, openTransport } from "./transport.ts";

/** What a session depends on. */
export interface SessionDependencies {
  clock: Clock;
  /** Ends the run: SIGTERM, or the deadline of the whole run. */
  signal: AbortSignal;
  /** How long a request is retried (`timeouts.controlPlane`). */
  giveUpAfterMilliseconds: number;
  runCommand: RunCommand;
  /** Called with each token and each other secret of an answer, so that no output shows them. */
  protect: (secret: string) => void;
}

type Work<T> = (transport: Transport, options: { signal: AbortSignal }) => Promise<T>;

/** A connection that opens at the first request, reopens after a failure, logs in and retries. */
export interface Session {
  /** The identity of the credentials, for messages. */
  identity: string;
  /**
   * Makes a request with retries: `work` gets a transport and the options for its calls.
   * @param request what the request does, in words that follow "may not": `read tasks in system/production`
   * @throws {RegistrarError} for every Connect error that `work` does not handle itself
   */
  call<T>(request: string, work: Work<T>): Promise<T>;
  /** Makes a request in one attempt, for writes that must not be repeated blindly. */
  callOnce<T>(request: string, work: Work<T>): Promise<T>;
  /** Keeps a secret out of all output. */
  protect(secret: string): void;
  close(): void;
}

/** Creates a session; nothing is contacted before the first call. */
export function createSession(target: ControlPlaneTarget, dependencies: SessionDependencies): Session {
  const { clock, signal: runSignal, giveUpAfterMilliseconds, runCommand, protect } = dependencies;
  const source = createTokenSource(target.credentials, {
    fetch: createFetch(target, { clock, signal: runSignal }),
    clock,
    runCommand,
  });
  let open: OpenTransport | undefined;
  let token: Token | undefined;
  let loggedIn = false;
  let refreshed = false;

  const sendToken: Interceptor = (next) => (request) => {
    if (token) request.header.set(token.header, `Bearer ${token.value}`);
    return next(request);
  };
  const close = () => {
    open?.close();
    open = undefined;
  };
  const logIn = async (transport: Transport, signals: TokenSignals) => {
    token = undefined;
    token = await source.token(transport, signals);
    if (token) protect(token.value);
    loggedIn = true;
  };
  const attempt = async <T>(work: (transport: Transport) => Promise<T>, signals: TokenSignals): Promise<T> => {
    const connecting = { clock, attempt: signals.attempt, run: runSignal };
    open ??= await openTransport(target.endpoint, target, [sendToken], connecting);
    if (!loggedIn) await logIn(open.transport, signals);
    try {
      return await work(open.transport);
    } catch (error) {
      // The token may have expired or been revoked. If a new one is refused too, that is final.
      if (!isUnauthenticated(error) || !token || refreshed) throw error;
      refreshed = true;
      await logIn(open.transport, signals);
      return await work(open.transport);
    }
  };

  const callOnce = async <T>(request: string, work: Work<T>, outer: AbortSignal): Promise<T> => {
    const signal = AbortSignal.any([outer, clock.timeout(deadlines.request.milliseconds)]);
    try {
      return await attempt((transport) => work(transport, { signal }), { attempt: signal, request: outer });
    } catch (error) {
      close();
      const cause = signal.aborted ? signal.reason : error;
      if (error instanceof RegistrarError) throw error;
      const misread = await plainPortFailure(cause, target, { clock, signal: outer });
      if (misread) throw misread;
      throw requestFailure(cause, {
        endpoint: target.endpoint.url,
        identity: source.identity,
        request,
        authenticated: token !== undefined,
        whyNoLogin: target.credentials.type === "none" ? target.credentials.why : undefined,
        now: clock.date(),
      });
    }
  };

  return {
    identity: source.identity,
    protect,
    close,
    call: (request, work) =>
      retry((outer) => callOnce(request, work, outer), giveUpAfterMilliseconds, clock, runSignal),
    async callOnce(request, work) {
      try {
        return await callOnce(request, work, runSignal);
      } catch (error) {
        runSignal.throwIfAborted();
        throw error;
      }
    },
  };
}

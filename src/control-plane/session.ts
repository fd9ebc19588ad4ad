import type { Interceptor, Transport } from "@connectrpc/connect";
import { RegistrarError } from "../findings/registrar-error.ts";
import type { Endpoint } from "../network/endpoint.ts";
import { createFetch } from "../network/fetch.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { retry } from "../system/retry.ts";
import { createTokenSource, type RunCommand, type TokenSignals } from "./auth/token-source.ts";
import { createLogin, type Login } from "./login.ts";
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
  /**
   * A session with the same login, CAs and proxy, and its own connection: to a data plane's endpoint, or for requests that
   * outlive the run's signal. It is closed with this one.
   */
  sibling(change: Partial<SessionScope>): Session;
  /** Keeps a secret out of all output. */
  protect(secret: string): void;
  close(): void;
}

/** Where requests go, and how long they are tried. */
interface SessionScope {
  endpoint: Endpoint;
  signal: AbortSignal;
  giveUpAfterMilliseconds: number;
}

/** Creates a session; nothing is contacted before the first call. */
export function createSession(target: ControlPlaneTarget, dependencies: SessionDependencies): Session {
  const { clock, signal, giveUpAfterMilliseconds, runCommand, protect } = dependencies;
  // A sibling may log in again after the run's signal, so only the signals of requests count.
  const fetch = createFetch(target, { clock });
  const source = createTokenSource(target.credentials, { fetch, clock, runCommand, endpoint: target.endpoint });
  const scope = { endpoint: target.endpoint, signal, giveUpAfterMilliseconds };
  return createConnectedSession(target, scope, createLogin(source, protect), dependencies);
}

function createConnectedSession(
  target: ControlPlaneTarget,
  scope: SessionScope,
  login: Login,
  { clock, protect }: Pick<SessionDependencies, "clock" | "protect">,
): Session {
  const { endpoint, signal: runSignal, giveUpAfterMilliseconds } = scope;
  const siblings: Session[] = [];
  let opened: OpenTransport | undefined;

  const sendToken: Interceptor = (next) => (request) => {
    const token = login.token();
    if (token) request.header.set(token.header, `Bearer ${token.value}`);
    return next(request);
  };
  const open = async (attempt: AbortSignal) => {
    opened ??= await openTransport(endpoint, target, [sendToken], { clock, attempt, run: runSignal });
    return opened.transport;
  };
  const close = () => {
    opened?.close();
    opened = undefined;
  };
  const accepted = async <T>(answer: Promise<T>): Promise<T> => {
    const token = login.token();
    const value = await answer;
    login.accept(token);
    return value;
  };
  const attempt = async <T>(work: (transport: Transport) => Promise<T>, signals: TokenSignals): Promise<T> => {
    const transport = await open(signals.attempt);
    // A data plane does not say where tokens come from: the control plane does, on a connection for that alone.
    using aside = endpoint.url === target.endpoint.url ? undefined : openAside(target, clock);
    const openForLogin = aside?.open ?? open;
    await login.ensure(openForLogin, signals);
    const token = login.token();
    try {
      return await accepted(work(transport));
    } catch (error) {
      // The token may have expired or been revoked. If a new one is refused too, that is final.
      if (!isUnauthenticated(error) || !(await login.replace(token, openForLogin, signals))) throw error;
      return await accepted(work(transport));
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
      const misread = await plainPortFailure(cause, { ...target, endpoint }, { clock, signal: outer });
      if (misread) throw misread;
      throw requestFailure(cause, {
        endpoint: endpoint.url,
        identity: login.identity,
        request,
        authenticated: login.token() !== undefined,
        whyNoLogin: target.credentials.type === "none" ? target.credentials.why : undefined,
        now: clock.date(),
      });
    }
  };

  return {
    identity: login.identity,
    protect,
    close() {
      for (const sibling of siblings) sibling.close();
      close();
    },
    sibling(change) {
      const sibling = createConnectedSession(target, { ...scope, ...change }, login, { clock, protect });
      siblings.push(sibling);
      return sibling;
    },
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

/** A connection to the control plane that is opened if somebody needs it, and closed at the end of the block. */
function openAside(target: ControlPlaneTarget, clock: Clock) {
  let opened: OpenTransport | undefined;
  return {
    async open(attempt: AbortSignal): Promise<Transport> {
      opened ??= await openTransport(target.endpoint, target, [], { clock, attempt, run: attempt });
      return opened.transport;
    },
    [Symbol.dispose]: () => opened?.close(),
  };
}

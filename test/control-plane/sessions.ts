import { type ConnectRouter, createRouterTransport } from "@connectrpc/connect";
import { ensureProject } from "../../src/control-plane/projects.ts";
import { registrationsOf } from "../../src/control-plane/registrations.ts";
import { createSession, type Session, type SessionDependencies } from "../../src/control-plane/session.ts";
import { RegistrarError } from "../../src/findings/registrar-error.ts";
import { parseEndpoint } from "../../src/network/endpoint.ts";
import type { ControlPlaneTarget } from "../../src/settings/load.ts";
import type { Clock } from "../../src/system/clock.ts";
import { systemClock } from "../../src/system/clock.ts";
import type { ControlPlane } from "../../testing/control-plane/start.ts";

/** A clock that stands still but for its own sleeps, which take no time; it always draws the same `chance`. */
export interface FakeClock extends Clock {
  /** How long each sleep was, in milliseconds. */
  readonly pauses: readonly number[];
}

/**
 * Makes a fake clock. The highest chance makes each pause the longest that it may be; `onPause` is told how many there
 * were, so that a test can change the world while the program waits.
 */
export function createFakeClock({
  chance = () => 1,
  onPause = () => {},
}: {
  readonly chance?: () => number;
  readonly onPause?: (pauses: number) => Promise<void> | void;
} = {}): FakeClock {
  const pauses: number[] = [];
  let now = 0;
  return {
    ...systemClock,
    pauses,
    now: () => now,
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      pauses.push(milliseconds);
      now += milliseconds;
      await onPause(pauses.length);
    },
    // A fake pause leaves the last attempt little of its time, and a busy machine needs real time for it.
    timeout: (milliseconds) => systemClock.timeout(Math.max(milliseconds, 1_000)),
    random: chance,
  };
}

/** The organisation, project and domain of the tests. */
export const scope = { org: "testorg", project: "system", domain: "production" };

/** What the settings would give for this control plane. */
export function targetOf(
  { url }: { readonly url: string },
  more: Partial<ControlPlaneTarget> = {},
): ControlPlaneTarget {
  const endpoint = parseEndpoint(url, url.startsWith("http:"));
  if (typeof endpoint === "string") throw new TypeError(`${url} ${endpoint}`);
  return {
    endpoint,
    org: scope.org,
    skipVerify: false,
    certificateAuthorities: undefined,
    proxy: undefined,
    noProxy: "",
    credentials: { type: "none" },
    ...more,
  };
}

/** A session with the requests that are made over it; closed at the end of its scope. */
export interface TestSession extends Disposable {
  readonly session: Session;
  /** Looks the current registration up: one request where nothing is registered. */
  look(): Promise<string | undefined>;
  ensureProject(ensure?: boolean): Promise<string>;
  readonly clock: FakeClock;
  /** Texts that no output may show. */
  readonly secrets: readonly string[];
}

/** Opens a session to a control plane, on a clock whose pauses take no time. */
export function openSession(
  target: ControlPlaneTarget,
  more: Partial<SessionDependencies> & { readonly clock?: FakeClock } = {},
): TestSession {
  const secrets: string[] = [];
  const clock = more.clock ?? createFakeClock();
  const session = createSession(target, {
    signal: new AbortController().signal,
    giveUpAfterMilliseconds: 2_000,
    runCommand: () => Promise.reject(new Error("no command was to be run")),
    protect: (secret) => secrets.push(secret),
    ...more,
    clock,
  });
  const registrations = registrationsOf(session, scope);
  return {
    session,
    clock,
    secrets,
    look: async () => (await registrations.current())?.taskId?.version,
    ensureProject: (ensure = true) => ensureProject(session, scope, ensure),
    [Symbol.dispose]: () => session.close(),
  };
}

/** A session over services that a test writes itself, for answers that the stand-in does not give. */
export function sessionOver(routes: (router: ConnectRouter) => void): Session {
  const transport = createRouterTransport(routes);
  const call: Session["call"] = (_, work) => work(transport, { signal: new AbortController().signal });
  const session: Session = {
    identity: "registrar",
    call,
    callOnce: call,
    protect: () => {},
    close: () => {},
    sibling: () => session,
  };
  return session;
}

/** The error of ours that something fails with; anything else that it does fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<RegistrarError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RegistrarError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

/** Everything of an error that may be shown. */
export function shown(error: RegistrarError): string {
  return [error.message, ...Object.values(error.finding)].join("\n");
}

/** The names of the requests that arrived, in order. */
export const methods = ({ calls }: ControlPlane): string[] => calls.map(({ method }) => method);

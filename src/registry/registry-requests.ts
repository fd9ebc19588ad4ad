import type { Clock } from "../system/clock.ts";
import { abortable } from "./abortable.ts";
import type { Authorization, Authorizer, Demand } from "./authorizer.ts";
import { parseChallenges } from "./challenge.ts";
import { formatImageReference } from "./image-reference.ts";
import type { OriginConnections } from "./origin-connections.ts";
import { describeRegistryAnswer, readRefusal } from "./registry-answer.ts";
import { answerFailure } from "./registry-failures.ts";
import type { RegistryOrigins } from "./registry-origins.ts";
import { type RegistryAnswer, type RegistryRequest, sendAndRedirect } from "./registry-redirects.ts";

/** Sends a request, logged in where that is required, and follows redirects. */
export type SendRequest = (request: RegistryRequest, signal: AbortSignal) => Promise<RegistryAnswer>;

/** What requests depend on. */
export interface RequestDependencies {
  connections: OriginConnections;
  authorizer: Authorizer;
  origins: RegistryOrigins;
  /** Ends logins, which several requests may wait for. */
  closed: AbortSignal;
  clock: Clock;
}

/**
 * Creates what sends requests. A login is made once for each repository and kind of request, and kept while it is good.
 * @throws {RegistrarError} from the function: registry-…, tls-…, proxy-…; the signal's reason
 */
export function createSendRequest(dependencies: RequestDependencies): SendRequest {
  const { authorizer, origins, closed, clock } = dependencies;
  const known = new Map<string, Promise<Authorization>>();

  /** One login for all requests that need it at the same time, unless the one that is known is the one that did not do. */
  const logIn = (key: string, demand: Demand, used: Promise<Authorization> | undefined): Promise<Authorization> => {
    const other = known.get(key);
    if (other && other !== used) return other;
    const next = authorizer.logIn(demand, closed);
    keep(key, next);
    return next;
  };
  const keep = (key: string, authorization: Promise<Authorization>) => {
    known.set(key, authorization);
    authorization.catch(() => known.get(key) === authorization && known.delete(key));
  };

  return async (request, signal) => {
    const { reference, path } = request;
    const { host, repository } = reference;
    const send = (authorization: Authorization | undefined) =>
      sendAndRedirect(request, authorization, dependencies, signal);
    // Azure requires another right for the list of tags than for the rest.
    const key = `${host}/${repository} ${path.startsWith("tags/") ? "tags" : "pull"}`;
    const used = known.get(key);
    const ready = await (used && abortable(used, signal).catch(() => undefined));
    const first = await send(ready && ready.expires > clock.now() ? ready : undefined);
    const endpoint = origins.originOf(reference);
    const challenges = parseChallenges(first.response.headers["www-authenticate"] ?? "");
    // The storage behind a redirect has logins of its own.
    if (first.status !== 401 || first.origin !== endpoint || challenges.length === 0) return first;
    first.response.resume();

    const demand = { challenges, reference, endpoint, image: formatImageReference(reference) };
    const granted = await abortable(logIn(key, demand, used), signal);
    const second = await send(granted);
    if ((second.status !== 401 && second.status !== 403) || second.origin !== endpoint) return second;
    const { login, isAccepted, obstacle } = granted;
    if (obstacle) {
      second.response.resume();
      throw obstacle;
    }
    if (!login) return second;

    // A login that is no good must not hide a public image.
    const refusal = await readRefusal(second, signal);
    const why = describeRegistryAnswer(refusal);
    const anonymous = await abortable(authorizer.logInAnonymously(demand, closed), signal);
    const third = anonymous && (await send(anonymous));
    if (third && third.status < 400) {
      authorizer.refuse(login, endpoint, why);
      keep(key, Promise.resolve(anonymous));
      return third;
    }
    third?.response.resume();
    if (!isAccepted && (second.status === 401 || isExpired(why))) throw authorizer.refuse(login, endpoint, why);
    throw answerFailure(refusal, { endpoint, image: demand.image, withLogin: true, now: clock.date() });
  };
}

/** Amazon ECR answers 403 to its own logins after 12 hours: "Your authorization token has expired. Reauthenticate and try again." */
function isExpired(why: string): boolean {
  return /token has expired/i.test(why);
}

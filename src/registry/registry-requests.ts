import type { IncomingMessage } from "node:http";
import { problem } from "../findings/registrar-error.ts";
import type { Clock } from "../system/clock.ts";
import { abortable } from "./abortable.ts";
import type { Authorization, Authorizer, Demand } from "./authorizer.ts";
import { parseChallenges } from "./challenge.ts";
import { formatImageReference, type ImageReference } from "./image-reference.ts";
import type { OriginConnections } from "./origin-connections.ts";
import { type AnswerHead, describeRegistryAnswer, readRefusal } from "./registry-answer.ts";
import { answerFailure, networkFailure } from "./registry-failures.ts";
import type { RegistryOrigins } from "./registry-origins.ts";

/** A request for a part of a repository. */
export interface RegistryRequest {
  method: "GET" | "HEAD";
  reference: ImageReference;
  /** Below the repository: `manifests/latest`, `tags/list?n=1000`. */
  path: string;
  headers?: Readonly<Record<string, string>>;
}

/** The head of an answer, with what its errors need to know. */
export interface RegistryAnswer extends AnswerHead {
  status: number;
  withLogin: boolean;
}

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

/** A registry redirects to its storage, which may redirect once or twice. */
const mostRedirects = 5;

/**
 * Creates what sends requests. A login is made once for each repository and kind of request, and kept while it is good.
 * @throws {RegistrarError} from the function: registry-…, tls-…, proxy-…; the signal's reason
 */
export function createSendRequest(dependencies: RequestDependencies): SendRequest {
  const { authorizer, closed } = dependencies;
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
    // Azure requires another right for the list of tags than for the rest.
    const key = `${host}/${repository} ${path.startsWith("tags/") ? "tags" : "pull"}`;
    const used = known.get(key);
    const ready = await used?.catch(() => undefined);
    const good = ready && ready.expires > dependencies.clock.now() ? ready : undefined;
    const first = await follow(request, good, dependencies, signal);
    const endpoint = dependencies.origins.originOf(reference);
    if (first.status !== 401 || first.origin !== endpoint) return first;
    const challenges = parseChallenges(first.response.headers["www-authenticate"] ?? "");
    if (challenges.length === 0) return first;
    first.response.resume();
    const demand = { challenges, reference, endpoint, image: formatImageReference(reference) };
    const granted = await abortable(logIn(key, demand, used), signal);
    const second = await follow(request, granted, dependencies, signal);
    const { login } = granted;
    if (!login || second.origin !== endpoint || (second.status !== 401 && second.status !== 403)) return second;

    // A login that is no good for a public image must not hide it.
    const answer = await readRefusal(second, signal);
    const why = describeRegistryAnswer(answer);
    const anonymous = await abortable(authorizer.logInAnonymously(demand, closed), signal);
    const third = anonymous && (await follow(request, anonymous, dependencies, signal));
    third?.response.once("error", () => {});
    if (anonymous && third && third.status < 400) {
      authorizer.refuse(login, endpoint, why);
      keep(key, Promise.resolve(anonymous));
      return third;
    }
    third?.response.resume();
    // A token that the server itself has granted is a login that it knows.
    const isRefused =
      second.status === 401 && !(granted.header.startsWith("Bearer ") && login.secret.kind !== "registry-token");
    if (isRefused) throw authorizer.refuse(login, endpoint, why);
    throw answerFailure(answer, { endpoint, image: demand.image, withLogin: true, now: dependencies.clock.date() });
  };
}

/** Sends a request and follows redirects; the login stays with the origin that it is for. */
async function follow(
  { method, reference, path, headers = {} }: RegistryRequest,
  authorization: Authorization | undefined,
  { connections, origins }: RequestDependencies,
  signal: AbortSignal,
): Promise<RegistryAnswer> {
  const origin = origins.originOf(reference);
  const withLogin = authorization?.login !== undefined;
  let url = new URL(`/v2/${reference.repository}/${path}`, origin);
  for (let redirects = 0; ; redirects++) {
    const login = authorization && url.origin === origin ? { authorization: authorization.header } : {};
    const all = { "user-agent": "image-builder-registrar", ...headers, ...login };
    let response: IncomingMessage;
    try {
      response = await connections.send({ method, url, headers: all }, signal);
    } catch (error) {
      throw networkFailure(error, url.origin);
    }
    const { statusCode: status = 0, headers: answered } = response;
    const target = answered.location === undefined ? null : URL.parse(answered.location, url);
    const isRedirect = [301, 302, 303, 307, 308].includes(status) && target && /^https?:$/.test(target.protocol);
    if (!isRedirect || redirects === mostRedirects) return { response, origin: url.origin, status, withLogin };
    response.resume();
    if (url.protocol === "https:" && target.protocol === "http:" && !origins.mayBeInsecure(target))
      throw problem("registry-redirects-insecurely", { endpoint: url.origin, location: target.origin });
    url = target;
  }
}

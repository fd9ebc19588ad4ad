import type { Finding } from "../findings/finding.ts";
import { problem, RegistrarError } from "../findings/registrar-error.ts";
import type { Clock } from "../system/clock.ts";
import type { Challenge } from "./challenge.ts";
import type { ImageReference } from "./image-reference.ts";
import type { Login, Logins } from "./logins.ts";
import type { OriginConnections } from "./origin-connections.ts";
import { basicOf, requestToken, type TokenAnswer } from "./registry-token.ts";

/** What authorizes requests. */
export interface Authorization {
  /** The value of the header. */
  header: string;
  /** The login that it was got with; absent if it was got anonymously. */
  login: Login | undefined;
  /** Whether a token server has accepted the login; else the registry itself is to judge it. */
  isAccepted: boolean;
  /** Why the stored login was not used: it is refused, cannot be had, or may not be sent. */
  obstacle: RegistrarError | undefined;
  /** By `clock.now()`. */
  expires: number;
}

/** What a registry requires, and for what. */
export interface Demand {
  challenges: readonly Challenge[];
  reference: ImageReference;
  /** `https://ghcr.io` */
  endpoint: string;
  /** `ghcr.io/acme/base:1` */
  image: string;
}

/** Logs in to registries as their challenges demand. */
export interface Authorizer {
  /**
   * Logs in with what is stored, or anonymously if nothing is stored or it is refused.
   * @throws {RegistrarError} registry-login-…, registry-token-…, and those of the network
   */
  logIn(demand: Demand, signal: AbortSignal): Promise<Authorization>;
  /** Gets a token without a login; nothing if the registry grants none. */
  logInAnonymously(demand: Demand, signal: AbortSignal): Promise<Authorization | undefined>;
  /** Notes that a registry refuses a login, so that it is not tried again: that may lock an account. */
  refuse(login: Login, endpoint: string, why: string): RegistrarError;
  /** Warnings about the logins that were refused. */
  refused(): readonly Finding[];
}

/** What logging in depends on. */
export interface AuthorizerDependencies {
  connections: OriginConnections;
  clock: Clock;
  logins: Logins;
  /** Whether an address may be spoken to in plain HTTP. */
  mayBeInsecure(url: URL): boolean;
  /** Keeps a secret out of all output. */
  protect(secret: string): void;
}

/** Creates what logs in; it keeps only which logins were refused. */
export function createAuthorizer({ logins, mayBeInsecure, protect, ...network }: AuthorizerDependencies): Authorizer {
  const refused = new Map<string, RegistrarError>();

  /** The stored login, or why it cannot be used; neither if there is none. */
  const findUsable = async (
    reference: ImageReference,
    signal: AbortSignal,
  ): Promise<Login | RegistrarError | undefined> => {
    try {
      const login = await logins.find(reference, signal);
      if (!login) return undefined;
      if (login.secret.kind === "password") {
        protect(login.secret.password);
        protect(basicOf(login.secret).replace("Basic ", ""));
      } else protect(login.secret.token);
      return refused.get(JSON.stringify(login)) ?? login;
    } catch (error) {
      // A program for logins that is missing matters only where the image is not public.
      if (error instanceof RegistrarError) return error;
      throw error;
    }
  };

  const ask = async (demand: Demand, challenge: Challenge, login: Login | undefined, signal: AbortSignal) => {
    const { reference, image } = demand;
    const { host, repository } = reference;
    const { realm: written = "", service, scope = `repository:${repository}:pull` } = challenge.parameters;
    const realm = URL.parse(written);
    if (!realm || !/^https?:$/.test(realm.protocol))
      throw problem("registry-token-unusable", { host, realm: written }, "the challenge names no token endpoint");
    if (login && realm.protocol === "http:" && !mayBeInsecure(realm)) {
      const { file } = login;
      throw problem("registry-token-endpoint-insecure", { host, file, realm: `${realm.origin}${realm.pathname}` });
    }
    return requestToken({ realm, service, scope, host, image }, login?.secret, network, signal);
  };

  const granted = (
    { token, lifetimeMilliseconds }: Extract<TokenAnswer, { token: string }>,
    login: Login | undefined,
    obstacle?: RegistrarError,
  ): Authorization => {
    protect(token);
    const expires = network.clock.now() + lifetimeMilliseconds;
    return { header: `Bearer ${token}`, login, isAccepted: login !== undefined, obstacle, expires };
  };

  const refuse = (login: Login, endpoint: string, why: string): RegistrarError => {
    const { host, file } = login;
    const error = problem("registry-login-refused", { host, file, endpoint }, why);
    refused.set(JSON.stringify(login), error);
    return error;
  };

  const logInByToken = async (demand: Demand, bearer: Challenge, signal: AbortSignal): Promise<Authorization> => {
    const found = await findUsable(demand.reference, signal);
    let obstacle = found instanceof Error ? found : undefined;
    if (found && !(found instanceof Error)) {
      if (found.secret.kind === "registry-token") return unjudged(`Bearer ${found.secret.token}`, found);
      const answer = await ask(demand, bearer, found, signal).catch((error: unknown) => {
        if (error instanceof RegistrarError && error.code === "registry-token-endpoint-insecure") return error;
        throw error;
      });
      if (!(answer instanceof Error) && "token" in answer) return granted(answer, found);
      obstacle = answer instanceof Error ? answer : refuse(found, demand.endpoint, answer.refusal);
    }
    const answer = await ask(demand, bearer, undefined, signal);
    if ("token" in answer) return granted(answer, undefined, obstacle);
    const { endpoint, image } = demand;
    throw obstacle ?? problem("registry-login-required", { endpoint, image }, answer.refusal);
  };

  return {
    async logIn(demand, signal) {
      const bearer = demand.challenges.find(({ scheme }) => scheme === "bearer");
      if (bearer) return logInByToken(demand, bearer, signal);
      const { challenges, reference, endpoint, image } = demand;
      const found = await findUsable(reference, signal);
      if (found instanceof Error) throw found;
      const schemes = challenges.map(({ scheme }) => scheme);
      if (found?.secret.kind !== "password" || !schemes.includes("basic"))
        throw problem("registry-login-required", { endpoint, image }, `HTTP 401, it asks for ${schemes.join(", ")}`);
      return unjudged(basicOf(found.secret), found);
    },
    async logInAnonymously(demand, signal) {
      const bearer = demand.challenges.find(({ scheme }) => scheme === "bearer");
      if (!bearer) return undefined;
      const answer = await ask(demand, bearer, undefined, signal);
      return "token" in answer ? granted(answer, undefined) : undefined;
    },
    refuse,
    refused: () => [...refused.values()].map(({ finding }) => ({ ...finding, severity: "warning" })),
  };
}

/** What goes to the registry itself. */
function unjudged(header: string, login: Login): Authorization {
  return { header, login, isAccepted: false, obstacle: undefined, expires: Number.POSITIVE_INFINITY };
}

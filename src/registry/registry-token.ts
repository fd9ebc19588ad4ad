import * as z from "zod";
import { problem } from "../findings/registrar-error.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { parseJson } from "../system/parse-json.ts";
import type { Secret } from "./docker-config.ts";
import type { HttpRequest, OriginConnections } from "./origin-connections.ts";
import { describeRegistryAnswer, readBody, readRefusal } from "./registry-answer.ts";
import { answerFailure, networkFailure } from "./registry-failures.ts";

/** Where a token comes from: the parameters of a Bearer challenge. */
export interface TokenQuestion {
  realm: URL;
  service: string | undefined;
  scope: string;
  /** The registry that requires it, as references name it. */
  host: string;
  /** The image in question, for messages. */
  image: string;
}

/** A token, or in words why the server grants none: it refuses the login, or requires one. */
export type TokenAnswer = { token: string; lifetimeMilliseconds: number } | { refusal: string };

const mostBytes = 2 ** 20;

/** A header cannot carry other characters. */
const tokenText = z.string().regex(/^[\x21-\x7e]+$/);

/** https://distribution.github.io/distribution/spec/auth/token/: 60 seconds unless the answer says otherwise. */
const tokenSchema = z
  .looseObject({
    token: tokenText.optional(),
    access_token: tokenText.optional(),
    expires_in: z.number().positive().catch(60).default(60),
  })
  .transform(({ token, access_token, expires_in }) => ({ token: token ?? access_token, seconds: expires_in }));

/**
 * Requests a token: by GET, with Basic credentials if there are some, or by POST with a refresh token
 * (https://distribution.github.io/distribution/spec/auth/oauth/). Redirects are not followed: they would carry the credentials.
 * @throws {RegistrarError} registry-…, tls-…, proxy-…
 */
export async function requestToken(
  question: TokenQuestion,
  secret: Secret | undefined,
  { connections, clock }: { connections: OriginConnections; clock: Clock },
  outer: AbortSignal,
): Promise<TokenAnswer> {
  const { realm, host, image } = question;
  const place = { host, realm: `${realm.origin}${realm.pathname}` };
  const signal = AbortSignal.any([outer, clock.timeout(deadlines.registryRequest.milliseconds)]);
  try {
    const response = await connections.send(requestOf(question, secret), signal);
    const { statusCode: status = 0 } = response;
    if (status === 200) {
      const parsed = tokenSchema.safeParse(parseJson((await readBody(response, mostBytes, signal)).toString()));
      const { token, seconds } = parsed.data ?? {};
      if (token === undefined || seconds === undefined)
        throw problem("registry-token-unusable", place, "HTTP 200, but no JSON with token or access_token");
      return { token, lifetimeMilliseconds: seconds * 1000 };
    }
    const answer = await readRefusal({ response, origin: realm.origin }, signal);
    const why = describeRegistryAnswer(answer);
    // By RFC 6749, a refresh token that is not valid is answered by 400.
    if (status === 401 || status === 403 || (status === 400 && secret?.kind === "identity-token"))
      return { refusal: `${place.realm} answers ${why}` };
    if (status === 429 || status >= 500) {
      const about = { endpoint: realm.origin, image, withLogin: secret !== undefined, now: clock.date() };
      throw answerFailure(answer, about);
    }
    throw problem("registry-token-unusable", place, why);
  } catch (error) {
    throw networkFailure(error, realm.origin);
  }
}

function requestOf({ realm, service, scope }: TokenQuestion, secret: Secret | undefined): HttpRequest {
  const asked = { ...(service !== undefined && { service }), scope };
  const headers = { accept: "application/json", "user-agent": "image-builder-registrar" };
  if (secret?.kind === "identity-token") {
    const form = { grant_type: "refresh_token", refresh_token: secret.token, client_id: "image-builder-registrar" };
    const body = new URLSearchParams({ ...asked, ...form }).toString();
    const formHeaders = { "content-type": "application/x-www-form-urlencoded" };
    return { method: "POST", url: realm, headers: { ...headers, ...formHeaders }, body };
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  const authorization = secret?.kind === "password" ? { authorization: basicOf(secret) } : {};
  return { method: "GET", url, headers: { ...headers, ...authorization } };
}

/** The header of Basic authentication (RFC 7617), in UTF-8 as Docker sends it. */
export function basicOf({ username, password }: Extract<Secret, { kind: "password" }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

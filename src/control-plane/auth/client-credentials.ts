import { basicCredentials, quotePlus } from "../../network/basic-credentials.ts";
import type { Answer, Fetch } from "../../network/fetch.ts";
import { retryAfterMilliseconds } from "../../network/retry-after.ts";
import type { Credentials } from "../../settings/credentials.ts";
import type { Clock } from "../../system/clock.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { Discovered } from "./discovery.ts";
import { grantFailure, grantRefusal } from "./grant-failures.ts";
import { describeOddSecret } from "./secret-shape.ts";
import { readTokenAnswer } from "./token-answer.ts";

type ClientSecret = Extract<Credentials, { type: "clientSecret" }>;

/** What a token request depends on. */
export interface TokenRequestDependencies {
  fetch: Fetch;
  clock: Clock;
}

/**
 * Requests a token by the client-credentials grant (RFC 6749, 4.4) with the request of the flyte CLI, byte for byte: identity
 * providers that it can log in to, this program can log in to.
 * @returns the access token
 * @throws {RegistrarError} token-endpoint-…, client-refused, grant-refused, scope-refused, tls-…, proxy-failed
 */
export async function requestToken(
  discovered: Discovered,
  { clientId, clientSecret, scopes: given = [] }: ClientSecret,
  { fetch, clock }: TokenRequestDependencies,
  signal: AbortSignal,
): Promise<string> {
  const { tokenEndpoint: endpoint, audience } = discovered;
  const scopes = given.length > 0 ? given : discovered.scopes;
  let answer: Answer;
  try {
    answer = await fetch(endpoint, {
      method: "POST",
      headers: {
        accept: "application/json",
        authorization: `Basic ${basicCredentials(clientId, clientSecret)}`,
        "cache-control": "no-cache",
        "content-type": "application/x-www-form-urlencoded",
        // The core rules of AWS WAF block requests without one.
        "user-agent": "image-builder-registrar",
      },
      body: tokenForm(scopes, audience),
      // The request that needs the token may have less time left than this one has on its own.
      signal: AbortSignal.any([signal, clock.timeout(deadlines.tokenRequest.milliseconds)]),
    });
  } catch (error) {
    throw grantFailure(error, endpoint);
  }
  const read = readTokenAnswer(answer);
  if ("token" in read) return read.token;
  throw grantRefusal(read, {
    endpoint,
    identity: clientId,
    asked: `scope "${scopes.join(" ")}", audience "${audience}"`,
    oddSecret: describeOddSecret(clientSecret, clientId),
    retryAfter: retryAfterMilliseconds(answer.headers["retry-after"]?.toString(), clock.date()),
  });
}

/**
 * The body of a token request as flyte 2.12.1 writes it (`get_token`): quotation marks and spaces around a scope, and brackets
 * around all of them, are left out; a scope is sent even if it is empty, an audience is not.
 */
function tokenForm(scopes: readonly string[], audience: string): string {
  const scope = scopes
    .map((each) => each.replace(/^[' ]+|[' ]+$/g, ""))
    .join(" ")
    .replace(/^[[\]']+|[[\]']+$/g, "");
  const fields = { grant_type: "client_credentials", scope, ...(audience !== "" && { audience }) };
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${quotePlus(value)}`)
    .join("&");
}

import type { FetchOptions } from "../../network/fetch.ts";
import type { Credentials } from "../../settings/credentials.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { Discovered } from "./discovery.ts";
import { type ErrorResponse, errorResponse, grantFailure, grantRefusal } from "./grant-failures.ts";
import { describeOddSecret } from "./secret-shape.ts";

type ClientSecret = Extract<Credentials, { type: "clientSecret" }>;

/**
 * Requests a token by the client-credentials grant (RFC 6749, 4.4). The library is a separate file of the bundle, loaded
 * only by runs that log in.
 * @returns the access token
 * @throws {RegistrarError} token-endpoint-unreachable, token-endpoint-failed, client-refused, scope-refused, tls-…
 */
export async function requestToken(
  discovered: Discovered,
  { clientId, clientSecret }: ClientSecret,
  fetch: (url: string, options: FetchOptions) => Promise<Response>,
  signal: AbortSignal,
): Promise<string> {
  const oauth = await import("openid-client");
  const { tokenEndpoint, issuer, scopes, audience } = discovered;
  const server = { issuer: issuer || tokenEndpoint, token_endpoint: tokenEndpoint };
  const configuration = new oauth.Configuration(server, clientId, undefined, oauth.ClientSecretBasic(clientSecret));
  // The library ends a request at its own timeout only; the request that needs the token may have less time left.
  configuration[oauth.customFetch] = (url, options) =>
    fetch(url, { ...options, signal: options.signal ? AbortSignal.any([signal, options.signal]) : signal });
  configuration.timeout = deadlines.tokenRequest.milliseconds / 1000;
  // The control plane publishes the scheme, and the flyte CLI accepts http too.
  if (tokenEndpoint.startsWith("http:")) oauth.allowInsecureRequests(configuration);
  try {
    const tokens = await oauth.clientCredentialsGrant(configuration, {
      ...(scopes.length > 0 && { scope: scopes.join(" ") }),
      ...(audience !== "" && { audience }),
    });
    return tokens.access_token;
  } catch (error) {
    const response =
      error instanceof oauth.ResponseBodyError
        ? errorResponse(error.error, error.error_description)
        : error instanceof oauth.WWWAuthenticateChallengeError
          ? // RFC 6749 requires a challenge next to `invalid_client`, and the library then leaves the body unread.
            await readErrorResponse(error.response)
          : undefined;
    if (!response) throw grantFailure(error, tokenEndpoint);
    const asked = `scope "${scopes.join(" ")}", audience "${audience}"`;
    const oddSecret = describeOddSecret(clientSecret, clientId);
    throw grantRefusal(response, { endpoint: tokenEndpoint, identity: clientId, asked, oddSecret });
  }
}

async function readErrorResponse(response: Response): Promise<ErrorResponse> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== "object" || body === null || !("error" in body) || typeof body.error !== "string") {
    return { code: "invalid_client", why: `HTTP ${response.status} with a challenge` };
  }
  return errorResponse(body.error, "error_description" in body ? String(body.error_description) : "");
}

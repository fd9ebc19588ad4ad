import { describeCause } from "../../findings/describe-cause.ts";
import { problem, type RegistrarError } from "../../findings/registrar-error.ts";
import type { FetchOptions } from "../../network/fetch.ts";
import type { Credentials } from "../../settings/credentials.ts";
import { networkFailure } from "../request-failures.ts";
import type { Discovered } from "./discovery.ts";
import { oddShapeOf } from "./secret-shape.ts";

type ClientSecret = Extract<Credentials, { type: "clientSecret" }>;

/**
 * One client-credentials grant. The library is a file of its own in the bundle, loaded only by runs that log in.
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
  // The library ends a request at its own time-out only; the request that wants the token may have less left.
  configuration[oauth.customFetch] = (url, options) =>
    fetch(url, { ...options, signal: options.signal ? AbortSignal.any([signal, options.signal]) : signal });
  configuration.timeout = 15;
  // The scheme is the control plane's choice; the flyte CLI, which runs next, takes it as it is too.
  if (tokenEndpoint.startsWith("http:")) oauth.allowInsecureRequests(configuration);
  try {
    const tokens = await oauth.clientCredentialsGrant(configuration, {
      ...(scopes.length > 0 && { scope: scopes.join(" ") }),
      ...(audience !== "" && { audience }),
    });
    return tokens.access_token;
  } catch (error) {
    let refusal: Refusal = {};
    if (error instanceof oauth.ResponseBodyError) refusal = refusalOf(error.error, error.error_description);
    // RFC 6749 asks for a challenge beside `invalid_client`, and the library then leaves the body unread.
    if (error instanceof oauth.WWWAuthenticateChallengeError) refusal = await refusalIn(error.response);
    const asked = `scope "${scopes.join(" ")}", audience "${audience}"`;
    const odd = oddShapeOf(clientSecret, clientId);
    throw grantFailure(error, refusal, tokenEndpoint, clientId, { asked, odd });
  }
}

/** What an identity provider says of its refusal (RFC 6749, 5.2). */
interface Refusal {
  code?: string;
  why?: string;
}

function refusalOf(code: string, text = ""): Refusal {
  return { code, why: [code, text].filter(Boolean).join(": ") };
}

async function refusalIn(response: Response): Promise<Refusal> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== "object" || body === null || !("error" in body) || typeof body.error !== "string") {
    return { code: "invalid_client", why: `HTTP ${response.status} with a challenge` };
  }
  const text = "error_description" in body ? String(body.error_description) : "";
  return refusalOf(body.error, text);
}

function grantFailure(
  error: unknown,
  refusal: Refusal,
  endpoint: string,
  identity: string,
  { asked, odd }: { asked: string; odd: string | undefined },
): RegistrarError {
  const { code, why = "" } = refusal;
  switch (code) {
    case undefined:
      break;
    case "invalid_client":
    case "unauthorized_client":
    case "invalid_grant":
    case "unsupported_grant_type":
      return problem(
        "client-refused",
        { endpoint, identity },
        odd ? `${why}; of the secret that was sent: ${odd}` : why,
      );
    case "invalid_scope":
    case "invalid_target":
    case "access_denied":
      return problem("scope-refused", { endpoint, identity }, `${why} (asked for ${asked})`);
    default:
      return problem("token-endpoint-failed", { endpoint }, why);
  }
  const network = networkFailure(error, endpoint);
  if (network?.code.startsWith("control-plane-")) {
    return problem("token-endpoint-unreachable", { endpoint }, network.finding.why);
  }
  if (network) return network;
  const status = error instanceof Error && error.cause instanceof Response ? `HTTP ${error.cause.status}: ` : "";
  return problem("token-endpoint-failed", { endpoint }, `${status}${describeCause(error)}`);
}

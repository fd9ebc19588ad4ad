import { problem, type RegistrarError } from "../errors/registrar-error.ts";
import type { Credentials } from "../settings/credentials.ts";
import { networkFailure } from "./failures.ts";
import type { FetchOptions } from "./fetch.ts";
import type { Discovered } from "./token-source.ts";

type ClientSecret = Extract<Credentials, { type: "clientSecret" }>;

/**
 * One client-credentials grant. The library is loaded here and not at the top: most runs of a control plane without
 * authentication never need it.
 * @returns the access token
 * @throws {RegistrarError} token-endpoint-unreachable, token-endpoint-failed, client-refused, scope-refused, tls-…
 */
export async function requestToken(
  discovered: Discovered,
  { clientId, clientSecret }: ClientSecret,
  fetch: (url: string, options: FetchOptions) => Promise<Response>,
): Promise<string> {
  const oauth = await import("openid-client");
  const { tokenEndpoint, issuer, scopes, audience } = discovered;
  const server = { issuer: issuer || tokenEndpoint, token_endpoint: tokenEndpoint };
  const configuration = new oauth.Configuration(server, clientId, undefined, oauth.ClientSecretBasic(clientSecret));
  configuration[oauth.customFetch] = fetch;
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
    const refusal =
      error instanceof oauth.ResponseBodyError ? { code: error.error, text: error.error_description } : {};
    throw grantFailure(error, refusal, tokenEndpoint, clientId, `scope "${scopes.join(" ")}", audience "${audience}"`);
  }
}

function grantFailure(
  error: unknown,
  refusal: { code?: string; text?: string | undefined },
  endpoint: string,
  identity: string,
  asked: string,
): RegistrarError {
  const why = [refusal.code, refusal.text].filter(Boolean).join(": ");
  switch (refusal.code) {
    case undefined:
      break;
    case "invalid_client":
    case "unauthorized_client":
      return problem("client-refused", { endpoint, identity }, why);
    case "invalid_scope":
    case "invalid_target":
      return problem("scope-refused", { endpoint, identity }, `${why} (asked for ${asked})`);
    default:
      return problem("token-endpoint-failed", { endpoint }, why);
  }
  const network = networkFailure(error, endpoint);
  if (network?.code.startsWith("control-plane-")) {
    return problem("token-endpoint-unreachable", { endpoint }, network.finding.why);
  }
  return network ?? problem("token-endpoint-failed", { endpoint }, error);
}

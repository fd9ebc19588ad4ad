import { createClient, type Transport } from "@connectrpc/connect";
import { AuthMetadataService } from "#flyteidl2/auth/auth_service_pb.js";
import { answerOf } from "../rpc-answer.ts";

/** What the control plane publishes about its identity provider. */
export interface Discovered {
  tokenEndpoint: string;
  scopes: readonly string[];
  audience: string;
  header: string;
}

/** Asks the control plane's AuthMetadataService for its identity provider; nothing if no token is required. */
export async function discover(transport: Transport, signal: AbortSignal): Promise<Discovered | undefined> {
  const metadata = createClient(AuthMetadataService, transport);
  const options = { signal };
  try {
    const [server, client] = await Promise.all([
      metadata.getOAuth2Metadata({}, options),
      metadata.getPublicClientConfig({}, options),
    ]);
    const { tokenEndpoint } = server;
    const { scopes, audience, authorizationMetadataKey } = client;
    return { tokenEndpoint, scopes, audience, header: headerOf(authorizationMetadataKey) };
  } catch (error) {
    if (answerOf(error) === "unimplemented") return undefined;
    throw error;
  }
}

/**
 * The header that carries the token: the one that the control plane names, if that is a name (RFC 9110, 5.6.2) and none by which HTTP
 * itself works. With another one no request could be sent, or none as it is meant.
 */
function headerOf(named: string): string {
  const isUsable = /^[\w!#$%&'*+.^`|~-]+$/.test(named) && !ofHttp.test(named);
  return isUsable ? named : "authorization";
}

const ofHttp =
  /^(?:host|te|trailer|upgrade|expect|(?:proxy-)?connection|keep-alive|transfer-encoding|accept-.*|content-.*|connect-.*|http2-settings)$/i;

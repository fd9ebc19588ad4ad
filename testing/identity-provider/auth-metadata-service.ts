import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { AuthMetadataService } from "#flyteidl2/auth/auth_service_pb.js";
import type { OAuthClient } from "./tokens.ts";

/** Tells clients how to get a token; without an OAuth client, answers as a control plane without authentication does. */
export function authMetadataService(
  client: OAuthClient | undefined,
  tokenUrl: string | undefined,
  origin: () => string,
): ServiceImpl<typeof AuthMetadataService> {
  return {
    getPublicClientConfig: () =>
      client === undefined
        ? { dataplaneDomain: origin(), authorizationMetadataKey: "authorization" }
        : {
            dataplaneDomain: origin(),
            authorizationMetadataKey: client.authorizationHeader,
            scopes: [...(client.publishedScopes ?? client.scopes)],
            audience: client.publishedAudience ?? client.audience ?? "",
          },
    getOAuth2Metadata() {
      if (client === undefined || tokenUrl === undefined) {
        throw new ConnectError(
          "oauth2 metadata is not configured; set runs.authMetadata.externalAuthServerBaseUrl",
          Code.Unimplemented,
        );
      }
      return {
        issuer: new URL(tokenUrl).origin,
        tokenEndpoint: client.publishedTokenEndpoint ?? tokenUrl,
        scopesSupported: [...client.scopes],
        grantTypesSupported: ["client_credentials"],
        tokenEndpointAuthMethodsSupported: ["client_secret_basic"],
      };
    },
  };
}

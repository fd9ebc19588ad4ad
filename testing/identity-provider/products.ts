import type { PlainAnswer } from "../control-plane/node-http.ts";

/** Why a token is refused. */
export type RefusalReason =
  | "unknown-client"
  | "wrong-secret"
  /** The client may not use this grant, or not for this API. */
  | "no-grant"
  | "wrong-scope"
  /** The API that the scope or the audience names is not known. */
  | "wrong-resource";

/** How a product of identity providers answers token requests, in its strictest form. */
export interface Product {
  /** Whether it decodes the two parts of Basic credentials (RFC 6749, 2.3.1), or compares them as they come. */
  readonly decodesCredentials: boolean;
  /** Those that are known of it. */
  readonly refusals: Partial<Readonly<Record<RefusalReason, PlainAnswer>>>;
}

const json = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): PlainAnswer => ({
  status,
  contentType: "application/json",
  body: JSON.stringify(body),
  headers,
});

const oauth = (status: number, error: string, description?: string) =>
  json(status, { error, ...(description !== undefined && { error_description: description }) });

const entra = (status: number, error: string, code: number, text: string) =>
  json(status, {
    error,
    error_description: `AADSTS${code}: ${text}\r\nTrace ID: 654ce9b2-a626-4e0b-8598-0cac69970200\r\nCorrelation ID: 5be327fc-93cb-4bef-ab4e-0373f11a8017\r\nTimestamp: 2026-01-31 09:03:41Z`,
    error_codes: [code],
    timestamp: "2026-01-31 09:03:41Z",
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });

const okta = (status: number, errorCode: string, errorSummary: string) =>
  json(status, { errorCode, errorSummary, errorLink: errorCode, errorId: "oaeDJuWCiRTQeH8n6WG2116A", errorCauses: [] });

/** Products by name. Each row names its source. */
export const products = {
  /** The error codes of RFC 6749 and nothing of a product; compares credentials as they come, as the strictest products do. */
  plain: {
    decodesCredentials: false,
    refusals: {
      "unknown-client": oauth(401, "invalid_client", "unknown client"),
      "wrong-secret": oauth(401, "invalid_client", "bad secret"),
      "no-grant": oauth(400, "unauthorized_client"),
      "wrong-scope": oauth(400, "invalid_scope"),
      "wrong-resource": oauth(400, "invalid_target", "unknown audience"),
    },
  },
  /** Decodes by the letter of RFC 6749: zitadel/oidc#68, as ory/fosite#150 and IdentityServer4#2086. */
  zitadel: { decodesCredentials: true, refusals: {} },
  /** From 19 on it decodes: keycloak/keycloak#31476. */
  keycloak: {
    decodesCredentials: true,
    refusals: {
      "unknown-client": oauth(401, "invalid_client", "Invalid client or Invalid client credentials"),
      "wrong-secret": oauth(401, "unauthorized_client", "Invalid client or Invalid client credentials"),
      // ClientCredentialsGrantType.java: UNAUTHORIZED.
      "no-grant": oauth(401, "unauthorized_client", "Client not enabled to retrieve service account"),
      "wrong-scope": oauth(400, "invalid_scope", "Invalid scopes: all"),
    },
  },
  /** Until 18 it compared what came: keycloak/keycloak#12906; its words: keycloak/keycloak#11908. */
  "keycloak 16": {
    decodesCredentials: false,
    refusals: {
      "unknown-client": oauth(401, "invalid_client", "Invalid client credentials"),
      "wrong-secret": oauth(401, "unauthorized_client", "Invalid client secret"),
    },
  },
  /** Compares as they come: ramosbugs/oauth2-rs#64. Errors: the token endpoint in the developer guide of Amazon Cognito. */
  cognito: {
    decodesCredentials: false,
    refusals: {
      "unknown-client": oauth(400, "invalid_client"),
      "wrong-secret": oauth(400, "invalid_client"),
      "no-grant": oauth(400, "unauthorized_client"),
      "wrong-scope": oauth(400, "invalid_scope"),
    },
  },
  /** Compares as they come, and says invalid_grant: goauthentik/authentik#20739. */
  authentik: {
    decodesCredentials: false,
    refusals: {
      "unknown-client": oauth(400, "invalid_grant"),
      "wrong-secret": oauth(400, "invalid_grant"),
    },
  },
  /** support.okta.com, "Invalid_Client Error Returned When Requesting OAuth Token(s)"; developer.okta.com, API access management. */
  okta: {
    decodesCredentials: true,
    refusals: {
      "unknown-client": okta(401, "invalid_client", "Invalid value for 'client_id' parameter."),
      "wrong-secret": oauth(401, "invalid_client", "The client secret supplied for a confidential client is invalid."),
      "no-grant": oauth(
        400,
        "access_denied",
        "Policy evaluation failed for this request, please check the policy configurations.",
      ),
      "wrong-scope": oauth(
        400,
        "invalid_scope",
        "One or more scopes are not configured for the authorization server resource.",
      ),
    },
  },
  /** learn.microsoft.com, "Microsoft Entra authentication and authorization error codes". */
  entra: {
    decodesCredentials: true,
    refusals: {
      "unknown-client": entra(
        400,
        "unauthorized_client",
        700016,
        "Application with identifier 'registrar' was not found in the directory 'Example'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
      ),
      "wrong-secret": entra(
        401,
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app 'registrar'.",
      ),
      // "Daemon application that calls web APIs", app role assignment.
      "no-grant": entra(
        400,
        "invalid_client",
        501051,
        "Application 'registrar' is not assigned to a role for the application 'api://union'.",
      ),
      "wrong-scope": entra(400, "invalid_scope", 1002012, "The provided value for scope all is not valid."),
      "wrong-resource": entra(
        400,
        "invalid_resource",
        500011,
        "The resource principal named api://union was not found in the tenant named Example. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
      ),
    },
  },
  /** One answer for a wrong id and a wrong secret: auth0/node-auth0#582; 403 without a client grant: auth0/auth0-python#173. */
  auth0: {
    decodesCredentials: true,
    refusals: {
      "unknown-client": oauth(401, "access_denied", "Unauthorized"),
      "wrong-secret": oauth(401, "access_denied", "Unauthorized"),
      "no-grant": oauth(
        403,
        "access_denied",
        'Client is not authorized to access "https://flyte". You need to create a "client-grant" associated to this API.',
      ),
      "wrong-resource": oauth(403, "access_denied", "Service not enabled within domain: https://flyte"),
    },
  },
  /** As a client quotes it: the tests of Refinitiv/Real-Time-SDK. */
  pingfederate: {
    decodesCredentials: true,
    refusals: {
      "unknown-client": json(401, {
        error_description: "Invalid client or client credentials.",
        error: "invalid_client",
      }),
      "wrong-secret": json(401, {
        error_description: "Invalid client or client credentials.",
        error: "invalid_client",
      }),
    },
  },
  /** help.sumologic.com, "Salesforce source": the app has no user to run as; simple-salesforce's tests: the client id. */
  salesforce: {
    decodesCredentials: true,
    refusals: {
      "unknown-client": oauth(400, "invalid_client_id", "client identifier invalid"),
      "wrong-secret": oauth(400, "invalid_client", "invalid client credentials"),
      "no-grant": oauth(400, "invalid_grant", "no client credentials user enabled"),
    },
  },
} as const satisfies Readonly<Record<string, Product>>;

export type ProductName = keyof typeof products;

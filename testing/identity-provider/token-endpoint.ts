import { text } from "node:stream/consumers";
import { answer, type NodeHandlerFn } from "../control-plane/node-http.ts";
import { type Gate, gated } from "../control-plane/request-handler.ts";
import type { OAuthClient, Tokens } from "./tokens.ts";

/** What an OAuth token endpoint answers: a status and a JSON body. */
interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const refusal = (status: number, error: string, description: string): TokenAnswer => ({
  status,
  body: { error, error_description: description },
});

/** RFC 6749, 2.3.1: both parts are form-encoded before they are joined, so a secret may hold any character. */
const formDecode = (value: string): string => decodeURIComponent(value.replaceAll("+", " "));

function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic (\S+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id, secret] = Buffer.from(encoded, "base64").toString().split(":", 2);
  if (id === undefined || secret === undefined) return undefined;
  try {
    return { id: formDecode(id), secret: formDecode(secret) };
  } catch {
    return undefined; // a stray percent sign: the client did not encode
  }
}

function tokenAnswer(
  authorization: string | undefined,
  form: URLSearchParams,
  client: OAuthClient,
  tokens: Tokens,
): TokenAnswer {
  const credentials = basicCredentials(authorization);
  if (credentials === undefined) return refusal(401, "invalid_client", "no Basic credentials");
  if (credentials.id !== client.clientId) return refusal(401, "invalid_client", "unknown client");
  if (credentials.secret !== client.clientSecret) return refusal(401, "invalid_client", "bad secret");
  if (form.get("grant_type") !== "client_credentials")
    return refusal(400, "unsupported_grant_type", "client_credentials only");
  const unknown = (form.get("scope") ?? "").split(" ").find((scope) => scope !== "" && !client.scopes.includes(scope));
  if (unknown !== undefined) return refusal(400, "invalid_scope", `unknown scope ${unknown}`);
  if (client.audience !== undefined && form.get("audience") !== client.audience) {
    return refusal(400, "invalid_target", "unknown audience");
  }
  const { accessToken, expiresIn } = tokens.issue(client.clientId);
  return { status: 200, body: { access_token: accessToken, token_type: "Bearer", expires_in: expiresIn } };
}

/** The handler of the identity provider's token endpoint, for the client-credentials flow. */
export function tokenHandler(gate: Gate, client: OAuthClient, tokens: Tokens): NodeHandlerFn {
  return gated(
    gate,
    ({ headers }) => {
      const identity = basicCredentials(headers.authorization)?.id;
      return { method: "token", ...(identity !== undefined && { identity }) };
    },
    async (_, request, response) => {
      const form = new URLSearchParams(await text(request));
      const { status, body } = tokenAnswer(request.headers.authorization, form, client, tokens);
      answer(response, { status, contentType: "application/json", body: JSON.stringify(body) });
    },
  );
}

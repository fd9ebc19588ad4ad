import { text } from "node:stream/consumers";
import { answer, type NodeHandlerFn, type PlainAnswer } from "../control-plane/node-http.ts";
import { type Gate, gated } from "../control-plane/request-handler.ts";
import { type Product, products, type RefusalReason } from "./products.ts";
import type { OAuthClient, Tokens } from "./tokens.ts";

/** A token request as it came, secrets included. */
export interface TokenRequest {
  readonly method: string;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

const refusal = (status: number, error: string, description: string): PlainAnswer => ({
  status,
  contentType: "application/json",
  body: JSON.stringify({ error, error_description: description }),
});

/** RFC 6749, 2.3.1: both parts are form-encoded before they are joined, so a secret may hold any character. */
const formDecode = (value: string): string => decodeURIComponent(value.replaceAll("+", " "));

function basicCredentials(header: string | undefined, { decodesCredentials }: Product) {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  if (!decodesCredentials) return { id, secret };
  try {
    return { id: formDecode(id), secret: formDecode(secret) };
  } catch {
    return undefined; // a stray percent sign: the client did not encode
  }
}

function tokenAnswer(request: TokenRequest, client: OAuthClient, tokens: Tokens): PlainAnswer {
  const product: Product = products[client.product];
  const refused = (reason: RefusalReason): PlainAnswer => {
    const refusals: Product["refusals"] = { ...products.plain.refusals, ...product.refusals };
    return refusals[reason] ?? refusal(500, "server_error", reason);
  };
  const credentials = basicCredentials(request.authorization, product);
  if (credentials === undefined) return refusal(401, "invalid_client", "no Basic credentials");
  if (credentials.id !== client.clientId) return refused("unknown-client");
  if (credentials.secret !== client.clientSecret) return refused("wrong-secret");
  if (request.method !== "POST") return refusal(405, "invalid_request", "method must be POST");
  if (request.contentType?.split(";")[0] !== "application/x-www-form-urlencoded")
    return refusal(400, "invalid_request", "not a form");
  const form = new URLSearchParams(request.body);
  if (form.get("grant_type") !== "client_credentials")
    return refusal(400, "unsupported_grant_type", "client_credentials only");
  if (client.mayLogIn === false) return refused("no-grant");
  if (client.audience !== undefined && form.get("audience") !== client.audience) return refused("wrong-resource");
  const asked = (form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  if (asked.some((scope) => !client.scopes.includes(scope))) return refused("wrong-scope");
  const { accessToken, expiresIn } = tokens.issue(client.clientId);
  const body = { access_token: accessToken, token_type: "Bearer", expires_in: expiresIn };
  return { status: 200, contentType: "application/json", body: JSON.stringify(body) };
}

/** The handler of the identity provider's token endpoint, for the client-credentials flow. */
export function tokenHandler(gate: Gate, client: OAuthClient, tokens: Tokens): NodeHandlerFn {
  return gated(
    gate,
    ({ headers }) => {
      const identity = basicCredentials(headers.authorization, products[client.product])?.id;
      return { method: "token", ...(identity !== undefined && { identity }) };
    },
    async (_, request, response) => {
      const { method = "", headers } = request;
      const { "content-type": contentType, authorization } = headers;
      const asked: TokenRequest = { method, contentType, authorization, body: await text(request) };
      client.onTokenRequest?.(asked);
      answer(response, tokenAnswer(asked, client, tokens));
    },
  );
}

import type { Code } from "../../findings/catalog/catalog.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import { problem, type RegistrarError } from "../../findings/registrar-error.ts";
import { type ConnectionFault, findNetworkFault } from "../../network/faults.ts";
import { proxyFailure } from "../../network/proxy-failures.ts";
import { isTlsFault, tlsFailure } from "../../network/tls-failures.ts";
import type { Refusal } from "./token-answer.ts";

/** What a client-credentials grant was about, for its errors. */
export interface GrantContext {
  /** URL of the token endpoint. */
  endpoint: string;
  /** The client id. */
  identity: string;
  /** Scope and audience, in words. */
  asked?: string | undefined;
  /** What is odd about the client secret, in words; nothing if it looks like one. */
  oddSecret?: string | undefined;
  /** Milliseconds that the endpoint asks to wait. */
  retryAfter?: number | undefined;
}

/** The error for an answer without a token. Only a fault that may pass is transient: one request shows all others. */
export function grantRefusal(refusal: Refusal, context: GrantContext): RegistrarError {
  const { endpoint, identity, asked, oddSecret, retryAfter = 0 } = context;
  const { why } = refusal;
  const code = codeOf(refusal);
  switch (code) {
    case "token-endpoint-failed":
      return problem(code, { endpoint }, why, retryAfter);
    case "token-endpoint-refused":
    case "token-endpoint-not-spoken":
      return problem(code, { endpoint }, why);
    case "client-refused":
      return problem(
        code,
        { endpoint, identity },
        oddSecret === undefined ? why : `${why}; of the secret that was sent: ${oddSecret}`,
      );
    case "scope-refused":
    case "grant-refused":
      return problem(code, { endpoint, identity }, asked === undefined ? why : `${why} (asked for ${asked})`);
  }
}

type RefusalCode =
  | "client-refused"
  | "grant-refused"
  | "scope-refused"
  | "token-endpoint-refused"
  | "token-endpoint-not-spoken"
  | "token-endpoint-failed";

function codeOf(refusal: Refusal): RefusalCode {
  const { status, isOwn, isPage } = refusal;
  if (status >= 500 || [408, 425, 429].includes(status)) return "token-endpoint-failed";
  // Some reject credentials without a word; a page of an HTML login or a firewall says nothing about them.
  if (!isOwn) return status === 401 && !isPage ? "client-refused" : "token-endpoint-not-spoken";
  return rules.find((rule) => applies(rule, refusal))?.code ?? "token-endpoint-refused";
}

interface Rule {
  error?: RegExp;
  words?: RegExp;
  status?: number;
  code: RefusalCode;
}

function applies({ error, words, status }: Rule, refusal: Refusal): boolean {
  return (
    (error === undefined || error.test(refusal.error)) &&
    (words === undefined || words.test(refusal.why)) &&
    (status === undefined || status === refusal.status)
  );
}

/**
 * What an error of an identity provider means; the first row that applies counts. RFC 6749, 5.2 and RFC 8707 define most
 * errors, but products use `unauthorized_client`, `invalid_grant` and `access_denied` for wrong credentials too: their status
 * and words tell which it is.
 */
const rules: readonly Rule[] = [
  // Entra, unauthorized_client: the tenant has no application with this id. The text also speaks of consent.
  { words: /\bAADSTS700016\b/, code: "client-refused" },
  // Entra, invalid_client or invalid_grant: no role, disabled, no consent.
  { words: /\bAADSTS(501051|7000112|65001)\b/, code: "grant-refused" },
  // invalid_client_id: Salesforce.
  { error: /^invalid_client(_id|_secret|_credentials)?$/, code: "client-refused" },
  // invalid_resource: Entra, AADSTS500011.
  { error: /^invalid_(scope|target|resource)$/, code: "scope-refused" },
  // Auth0: it has no API with this audience, or none was sent.
  { error: /^access_denied$/, words: /: (Service not (enabled|found)|Non-global clients)/, code: "scope-refused" },
  // Entra, AADSTS900144: the scope is missing.
  { error: /^invalid_request$/, words: /\b(scope|audience|resource)\b/, code: "scope-refused" },
  { error: /^unsupported_grant_type$/, code: "grant-refused" },
  // Keycloak, 401 unauthorized_client "Client not enabled to retrieve service account"; Okta, access_denied "Policy evaluation
  // failed for this request"; Salesforce, invalid_grant "no client credentials user enabled".
  {
    error: /^(unauthorized_client|invalid_grant|access_denied)$/,
    words: /\bnot (enabled|allowed|authorized)\b|\buser enabled\b|\bpolicy\b/i,
    code: "grant-refused",
  },
  // Keycloak: unauthorized_client "Invalid client or Invalid client credentials", 401 or, of old versions, 400.
  { error: /^unauthorized_client$/, words: /\b(credentials|secret|authenticating client)\b/i, code: "client-refused" },
  // authentik says so of a wrong id or secret, with 400.
  { error: /^invalid_grant$/, code: "client-refused" },
  // Auth0: 401 access_denied is a wrong secret, 403 a missing grant. Okta: 401 with codes of its own.
  { status: 401, code: "client-refused" },
  { error: /^(unauthorized_client|access_denied)$/, code: "grant-refused" },
];

/** The code for each fault of the network but TLS, on the way to the token endpoint. */
const codes = {
  "name-unknown": "token-endpoint-unreachable",
  refused: "token-endpoint-unreachable",
  "timed-out": "token-endpoint-unreachable",
  unreachable: "token-endpoint-unreachable",
  reset: "token-endpoint-unreachable",
  "not-http": "token-endpoint-failed",
} as const satisfies Record<Exclude<ConnectionFault["kind"], "proxy">, Code>;

/** The error for a grant that got no answer. What is no fault of the network is the URL, which is none of HTTP. */
export function grantFailure(error: unknown, endpoint: string): RegistrarError {
  const fault = findNetworkFault(error);
  if (fault && isTlsFault(fault)) return tlsFailure(fault, endpoint, "token endpoint");
  if (fault?.kind === "proxy") return proxyFailure(fault, endpoint);
  if (fault) return problem(codes[fault.kind], { endpoint }, fault.detail);
  return problem("token-endpoint-not-spoken", { endpoint }, describeCause(error));
}

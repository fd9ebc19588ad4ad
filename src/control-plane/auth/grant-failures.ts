import type { Code } from "../../findings/catalog/catalog.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import { problem, type RegistrarError } from "../../findings/registrar-error.ts";
import { findNetworkFault, type NetworkFault } from "../../network/faults.ts";

/** The error response of an identity provider (RFC 6749, 5.2). */
export interface ErrorResponse {
  code: string;
  /** The code and the description. */
  why: string;
}

/** Makes an error response of its two fields. */
export function errorResponse(code: string, description = ""): ErrorResponse {
  return { code, why: [code, description].filter(Boolean).join(": ") };
}

/** What a client-credentials grant was about, for its errors. */
export interface GrantContext {
  /** URL of the token endpoint. */
  endpoint: string;
  /** The client id. */
  identity: string;
  /** Scope and audience, in words. */
  asked: string;
  /** What is odd about the client secret, in words; nothing if it looks like one. */
  oddSecret: string | undefined;
}

/** The error for an error response of the identity provider. */
export function grantRefusal({ code, why }: ErrorResponse, context: GrantContext): RegistrarError {
  const { endpoint, identity, asked, oddSecret } = context;
  switch (code) {
    case "invalid_client":
    case "unauthorized_client":
    case "invalid_grant":
    case "unsupported_grant_type": {
      const reason = oddSecret === undefined ? why : `${why}; of the secret that was sent: ${oddSecret}`;
      return problem("client-refused", { endpoint, identity }, reason);
    }
    case "invalid_scope":
    case "invalid_target":
    case "access_denied":
      return problem("scope-refused", { endpoint, identity }, `${why} (asked for ${asked})`);
    default:
      return problem("token-endpoint-failed", { endpoint }, why);
  }
}

/** The code for each network fault on the way to the token endpoint. */
const codes = {
  "name-unknown": "token-endpoint-unreachable",
  refused: "token-endpoint-unreachable",
  "timed-out": "token-endpoint-unreachable",
  unreachable: "token-endpoint-unreachable",
  reset: "token-endpoint-unreachable",
  untrusted: "tls-untrusted",
  "self-signed": "tls-self-signed",
  "wrong-host": "tls-wrong-host",
  "without-names": "tls-without-names",
  "not-valid-now": "tls-not-valid-now",
  alert: "tls-not-spoken",
  "not-tls": "tls-not-spoken",
  "not-http": "token-endpoint-failed",
  proxy: "proxy-failed",
} as const satisfies Record<NetworkFault["kind"], Code>;

/** The error for a grant that got no answer, or one that is no answer of a token endpoint. */
export function grantFailure(error: unknown, endpoint: string): RegistrarError {
  const fault = findNetworkFault(error);
  if (fault?.kind === "proxy") return problem(codes.proxy, { endpoint, proxy: fault.proxy }, fault.detail);
  if (fault) {
    return problem(codes[fault.kind], { endpoint, ...("names" in fault && { names: fault.names }) }, fault.detail);
  }
  const status = error instanceof Error && error.cause instanceof Response ? `HTTP ${error.cause.status}: ` : "";
  return problem("token-endpoint-failed", { endpoint }, `${status}${describeCause(error)}`);
}

import * as z from "zod";
import type { GatewaySource } from "../findings/catalog/gateway-fixes.ts";
import { challengesOf, type HttpAnswer } from "../network/http-answer.ts";
import { parseJson } from "../system/parse-json.ts";

/** What identifies a source; all that is given must hold. */
interface Evidence {
  source: GatewaySource;
  status?: readonly number[];
  server?: RegExp;
  /** A header that only this source sends. */
  header?: string;
  body?: RegExp;
}

/** What servers say that were spoken to in plain HTTP on a TLS port: nginx; Go (Traefik, Caddy); Apache; Tomcat. */
const plainHttpOnTls =
  /plain HTTP request was sent to HTTPS port|Client sent an HTTP request to an HTTPS server|speaking plain HTTP to an SSL-enabled server port|combination of host and port requires TLS/i;

/**
 * Answers of which it is plain who gives them, and why; the first row that matches counts. Their words are played by
 * testing/control-plane/gateway-answers.ts, which has the source of each. Whatever is not here is told by the generic rule.
 */
const evidence: readonly Evidence[] = [
  { source: "https-backend", status: [400], body: plainHttpOnTls },
  { source: "client-certificate", status: [400, 403], body: /No required SSL certificate|SSL certificate error/i },
  { source: "web-filter", server: /^(zscaler|sonicwall)/i },
  {
    source: "web-filter",
    body: /<title>(Internet Security by Zscaler|Web Page Blocked|Notification: Policy: URL Filt)/i,
  },
  { source: "body-too-large", status: [413] },
  { source: "cloudflare-origin", server: /^cloudflare/i, status: [520, 521, 522, 523, 525, 526, 530] },
  { source: "cloudflare", server: /^cloudflare/i, status: [401, 403] },
  { source: "cloudfront-method", server: /^CloudFront/i, body: /not configured to allow the HTTP request method/i },
  { source: "alb-protocol", server: /^awselb/i, status: [464] },
  { source: "alb-login", server: /^awselb/i, status: [401, 561] },
  { source: "aws-waf", server: /^awselb/i, status: [403] },
  { source: "azure-waf", server: /^Microsoft-Azure-Application-Gateway/i, status: [403] },
  { source: "azure-waf", header: "x-azure-ref", status: [403] },
  { source: "google-iap", header: "x-goog-iap-generated-response" },
  { source: "envoy-rbac", status: [403], body: /^RBAC: access denied/ },
  { source: "jwt-filter", status: [401, 403], body: /^(Jwt|Jwks) |^Audiences in Jwt are not allowed/ },
  { source: "login-proxy", status: [200, 401, 403], body: /OAuth2[ _-]Proxy/i },
  { source: "no-route", status: [404], server: /^(istio-)?envoy/i, body: /^$/ },
  { source: "no-route", status: [404], body: /default backend - 404|no Route matched with those values/i },
  { source: "no-route", status: [404], server: /^APISIX/i, body: /404 Route Not Found/ },
];

/** The source of an answer, if it is plain. */
export function sourceOf(answer: HttpAnswer): GatewaySource | undefined {
  return evidence.find((row) => matches(row, answer))?.source ?? (asksForOwnLogin(answer) ? "own-login" : undefined);
}

/** Whether an answer says that plain HTTP was sent to a TLS port. */
export function isPlainHttpOnTls({ status, body }: HttpAnswer): boolean {
  return status === 400 && plainHttpOnTls.test(body);
}

/** Whether what answers requires a login that no token is good for: its challenge is not for a bearer. */
export function asksForOwnLogin({ status, header }: HttpAnswer): boolean {
  const schemes = challengesOf(header("www-authenticate"));
  return status === 401 && schemes.length > 0 && !schemes.includes("bearer");
}

/** Whether an answer is in the form of gRPC, or of a REST gateway of gRPC. */
export function isGrpc({ header, body }: HttpAnswer): boolean {
  if (header("grpc-status") !== undefined || /^application\/grpc/i.test(header("content-type") ?? "")) return true;
  return restErrorSchema.safeParse(parseJson(body)).success;
}

/** An error as a REST gateway of gRPC gives it, that of flyteadmin for one: its code is the number of a gRPC status. */
const restErrorSchema = z.looseObject({ code: z.int().min(1).max(16), message: z.string() });

function matches(row: Evidence, { status, header, body }: HttpAnswer): boolean {
  return (
    (row.status?.includes(status) ?? true) &&
    (row.server?.test(header("server") ?? "") ?? true) &&
    (row.header === undefined || header(row.header) !== undefined) &&
    (row.body?.test(body) ?? true)
  );
}

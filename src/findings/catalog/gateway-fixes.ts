import type { Reader } from "../reader.ts";
import { hostOf } from "./endpoint-texts.ts";

type Fix = (endpoint: string, reader: Reader) => string;

/** Paths of every request of this program, as path rules of gateways are written. */
const paths = "/flyteidl2.*";

const exempt = (from: string, endpoint: string, { setting }: Reader) =>
  `Exempt the paths ${paths} on ${hostOf(endpoint)} from ${from}, or set ${setting("controlPlane.endpoint")} to an address behind it`;

/**
 * What mends an answer whose source is plain. The evidence for each source is in control-plane/gateway-evidence.ts.
 */
export const gatewayFixes = {
  "client-certificate": (endpoint, reader) =>
    `${exempt("client certificates (nginx: ssl_verify_client optional)", endpoint, reader)}: this program presents none.`,
  "https-backend": (_, { setting }) =>
    `Set the protocol between the gateway and the control plane to HTTPS (ingress-nginx: nginx.ingress.kubernetes.io/backend-protocol), or its port to a plain HTTP one; ${setting("controlPlane.endpoint")} is right.`,
  "body-too-large": (_, { setting }) =>
    `Raise the limit for request bodies at the gateway (nginx: client_max_body_size; ingress-nginx: nginx.ingress.kubernetes.io/proxy-body-size), or set ${setting("controlPlane.endpoint")} to an address behind it.`,
  "no-route": (endpoint, { setting }) =>
    `Create a route for host ${hostOf(endpoint)} and the paths ${paths} to the control plane, or correct the host of ${setting("controlPlane.endpoint")}.`,
  "own-login": (endpoint, reader) =>
    `${exempt("the gateway's own login (see why)", endpoint, reader)}: this program has no credentials for it.`,
  "login-proxy": (endpoint, reader) =>
    `${exempt("the login page (oauth2-proxy: --skip-auth-route=^/flyteidl2\\.)", endpoint, reader)}.`,
  "google-iap": (endpoint, reader) =>
    `${exempt("Identity-Aware Proxy (a backend service of its own without it)", endpoint, reader)}: it accepts only tokens of Google.`,
  "jwt-filter": (endpoint, reader) =>
    `${exempt("the gateway's JWT check (Istio: RequestAuthentication)", endpoint, reader)}, or add the issuer of the control plane's tokens to it.`,
  "envoy-rbac": (endpoint, { setting }) =>
    `Allow the paths ${paths} on ${hostOf(endpoint)} to this caller in the AuthorizationPolicy of Istio (in Envoy, the RBAC filter), or set ${setting("controlPlane.endpoint")} to an address behind it.`,
  cloudflare: (endpoint, reader) =>
    `${exempt("Cloudflare's WAF and bot checks (a custom rule with the action Skip)", endpoint, reader)}.`,
  "cloudflare-origin": (endpoint) =>
    `Correct the origin of ${hostOf(endpoint)} at Cloudflare (address, port, SSL/TLS mode): with 52x it says that it cannot use it; curl --resolve shows what it gets.`,
  "cloudfront-method": (endpoint, { setting }) =>
    `Allow all HTTP methods in the cache behavior of the CloudFront distribution of ${hostOf(endpoint)}, or set ${setting("controlPlane.endpoint")} to its origin: requests are POST.`,
  "alb-protocol": (_, { setting }) =>
    `Set the protocol version of the load balancer's target group to HTTP1 (464 says that it is HTTP2 or GRPC), or ${setting("controlPlane.endpoint")} to another listener.`,
  "alb-login": (endpoint, reader) =>
    `${exempt("the authenticate action of the load balancer's listener rule", endpoint, reader)}.`,
  "aws-waf": (endpoint, reader) => `${exempt("the AWS WAF web ACL of the load balancer", endpoint, reader)}.`,
  "azure-waf": (endpoint, reader) =>
    `${exempt("the WAF policy of Application Gateway or Front Door", endpoint, reader)}.`,
  "web-filter": (endpoint, { setting }) =>
    `Allow ${hostOf(endpoint)} in the web filter of this network (see why), without a page to confirm, or reach it by a proxy that may: ${setting("controlPlane.proxy")}.`,
} as const satisfies Record<string, Fix>;

/** A source of answers that is known by what it answers. */
export type GatewaySource = keyof typeof gatewayFixes;

/** The fix for a source, or for one that is not known. */
export function gatewayFix(source: GatewaySource | undefined, endpoint: string, reader: Reader): string {
  if (source !== undefined && Object.hasOwn(gatewayFixes, source)) return gatewayFixes[source](endpoint, reader);
  return `Have what answers (see why) pass POST requests to ${paths} on to the control plane with their headers, or set ${reader.setting("controlPlane.endpoint")} to an address behind it.`;
}

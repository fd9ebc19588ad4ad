import type { PlainAnswer } from "./node-http.ts";

/** A page as most of these products make one. */
const page = (title: string, text = "") =>
  `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n${text}\n</body>\n</html>\n`;

const html = (status: number, server: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  ({
    status,
    contentType: "text/html",
    body,
    headers: { ...(server && { server }), ...headers },
  }) satisfies PlainAnswer;
const plain = (status: number, server: string, body: string) =>
  ({ status, contentType: "text/plain", body, headers: { ...(server && { server }) } }) satisfies PlainAnswer;
const json = (status: number, server: string, body: object) =>
  ({ status, contentType: "application/json", body: JSON.stringify(body), headers: { server } }) satisfies PlainAnswer;

/** As nginx makes each of its pages. Measured: nginx 1.22.1. */
const nginx = (status: number, title: string, reason: string, headers: Readonly<Record<string, string>> = {}) =>
  html(
    status,
    "nginx/1.22.1",
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${reason}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n`,
    headers,
  );

/** What named products answer in place of the control plane behind them. */
export const gatewayAnswers = {
  // Measured: nginx 1.22.1 with ssl_verify_client on. Azure's Application Gateway answers with the same words.
  "nginx-client-certificate": nginx(400, "400 No required SSL certificate was sent", "400 Bad Request"),
  // Measured: nginx 1.22.1, plain HTTP on a port of TLS.
  "nginx-plain-http": nginx(400, "400 The plain HTTP request was sent to HTTPS port", "400 Bad Request"),
  // Measured: nginx 1.22.1 with client_max_body_size.
  "nginx-too-large": nginx(413, "413 Request Entity Too Large", "413 Request Entity Too Large"),
  // nginx with auth_basic; without a challenge, ingress-nginx with auth-url (nginx/nginx: src/http/ngx_http_special_response.c).
  "nginx-basic": nginx(401, "401 Authorization Required", "401 Authorization Required", {
    "www-authenticate": 'Basic realm="Corp"',
  }),
  "nginx-auth-url": nginx(401, "401 Authorization Required", "401 Authorization Required"),
  "nginx-forbidden": nginx(403, "403 Forbidden", "403 Forbidden"),
  // Measured: nginx 1.22.1 with a server behind it that refuses connections.
  "nginx-bad-gateway": nginx(502, "502 Bad Gateway", "502 Bad Gateway"),
  // Measured: nginx 1.22.1, return 308.
  "nginx-to-https": nginx(308, "308 Permanent Redirect", "308 Permanent Redirect", {
    location: "https://localhost/flyteidl2.task.TaskService/ListTasks",
  }),
  // kubernetes/ingress-nginx: docs/user-guide/default-backend.md.
  "ingress-default-backend": plain(404, "", "default backend - 404"),
  // golang/go: src/net/http/server.go. Traefik and the open source control plane share this router.
  "go-router": plain(404, "", "404 page not found\n"),
  // golang/go: src/net/http/server.go. Of a TLS server, here through an ingress that speaks plain HTTP to it.
  "go-plain-http": plain(400, "", "Client sent an HTTP request to an HTTPS server.\n"),
  // Measured: grpc-go 1.82.1 behind nginx 1.22.1 with grpc_pass.
  "grpc-go": {
    status: 415,
    contentType: "application/grpc",
    body: "",
    headers: {
      server: "nginx/1.22.1",
      "grpc-status": "3",
      "grpc-message": 'invalid gRPC request content-type "application/proto"',
    },
  },
  // The REST gateway of flyteadmin: grpc-ecosystem/grpc-gateway, runtime/errors.go.
  "grpc-rest-gateway": json(404, "", { code: 5, message: "Not Found", details: [] }),
  // https://developers.cloudflare.com/support/troubleshooting/http-status-codes/ and the page of a firewall rule.
  "cloudflare-blocked": html(403, "cloudflare", page("Attention Required! | Cloudflare"), {
    "cf-ray": "8f0c2a9b1c2d3e4f-FRA",
  }),
  // A managed challenge has this header: https://developers.cloudflare.com/cloudflare-challenges/
  "cloudflare-challenge": html(403, "cloudflare", page("Just a moment..."), { "cf-mitigated": "challenge" }),
  "cloudflare-tls": html(525, "cloudflare", page("union.example.com | 525: SSL handshake failed")),
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
  "alb-protocol": html(464, "awselb/2.0", ""),
  "alb-login": html(561, "awselb/2.0", page("561 Authentication Error")),
  "alb-waf": html(403, "awselb/2.0", page("403 Forbidden")),
  "alb-no-targets": html(503, "awselb/2.0", page("503 Service Temporarily Unavailable")),
  // The page of a distribution that takes GET and HEAD only, its default.
  "cloudfront-method": html(
    403,
    "CloudFront",
    page(
      "ERROR: The request could not be satisfied",
      "This distribution is not configured to allow the HTTP request method that was used for this request.",
    ),
  ),
  // https://learn.microsoft.com/azure/application-gateway/http-response-codes
  "azure-application-gateway": html(403, "Microsoft-Azure-Application-Gateway/v2", page("403 Forbidden")),
  // https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol
  "azure-front-door": html(403, "", page("The request is blocked."), { "x-azure-ref": "20261126T144300Z-r1" }),
  // https://cloud.google.com/iap/docs/faq: the header marks the answers of IAP itself.
  "google-iap": html(401, "", "Invalid IAP credentials: Invalid JWT audience.", {
    "x-goog-iap-generated-response": "true",
  }),
  "google-iap-login": html(302, "Google Frontend", "Invalid IAP credentials: empty token", {
    "x-goog-iap-generated-response": "true",
    location: "https://accounts.google.com/o/oauth2/v2/auth?client_id=123&state=canary-state",
  }),
  // envoyproxy/envoy: source/extensions/filters/http/rbac, …/jwt_authn (jwt_verify_lib), and a route that is not found.
  "istio-rbac": plain(403, "istio-envoy", "RBAC: access denied"),
  "envoy-jwt": plain(401, "envoy", "Jwt is missing"),
  "envoy-no-route": plain(404, "istio-envoy", ""),
  "envoy-no-upstream": plain(503, "envoy", "no healthy upstream"),
  "envoy-reset": plain(
    503,
    "envoy",
    "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
  ),
  // Kong/kong: kong/runloop/handler.lua; apache/apisix: apisix/init.lua.
  "kong-no-route": json(404, "kong/3.9.1", { message: "no Route matched with those values" }),
  "apisix-no-route": json(404, "APISIX/3.13.0", { error_msg: "404 Route Not Found" }),
  // oauth2-proxy/oauth2-proxy: pkg/app/pagewriter/sign_in.html, whose status is 403.
  "oauth2-proxy": html(
    403,
    "",
    page("Sign In", "<p>Secured with <a href='https://github.com/oauth2-proxy/oauth2-proxy'>OAuth2 Proxy</a></p>"),
  ),
  "oauth2-proxy-redirect": html(302, "", "", {
    location: "https://login.example.com/realms/corp/protocol/openid-connect/auth?client_id=proxy&state=canary-state",
  }),
  // The block pages of web filters: ooni/blocking-fingerprints.
  zscaler: html(403, "Zscaler/6.2", page("Internet Security by Zscaler")),
  fortigate: html(403, "", page("Web Page Blocked")),
  sonicwall: html(403, "SonicWALL", page("Access Denied")),
  // Answers of nobody in particular.
  "sign-in-page": html(200, "", page("Sign in to Corp")),
  teapot: plain(418, "", "short and stout"),
  "server-error": html(500, "", page("500 Internal Server Error")),
} as const satisfies Record<string, PlainAnswer>;

/** The name of an answer. */
export type GatewayAnswer = keyof typeof gatewayAnswers;

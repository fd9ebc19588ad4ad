import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Code as ConnectCode } from "@connectrpc/connect";
import { codeToHttpStatus, codeToString } from "@connectrpc/connect/protocol-connect";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Code } from "../../src/findings/catalog/catalog.ts";
import type { GatewaySource } from "../../src/findings/catalog/gateway-fixes.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { type GatewayAnswer, gatewayAnswers } from "../../testing/control-plane/gateway-answers.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { failureOf, openSession, shown, targetOf } from "./sessions.ts";

/** Codes that give a verdict on the caller, which only a control plane can. */
const verdicts: readonly Code[] = ["credentials-missing", "credentials-refused", "permission-denied"];

/** What each answer means, and what of it is shown. */
const meanings: Record<GatewayAnswer, readonly [code: Code, source: GatewaySource | undefined, why: string]> = {
  "nginx-client-certificate": ["gateway-answered", "client-certificate", "400 No required SSL certificate was sent"],
  "nginx-plain-http": ["tls-expected", undefined, "400 The plain HTTP request was sent to HTTPS port"],
  "nginx-too-large": ["gateway-answered", "body-too-large", "413 Request Entity Too Large"],
  "nginx-basic": ["gateway-answered", "own-login", 'it asks for Basic realm="Corp"'],
  "nginx-auth-url": ["gateway-answered", undefined, "401 Authorization Required"],
  "nginx-forbidden": ["gateway-answered", undefined, 'server nginx/1.22.1: "403 Forbidden"'],
  "nginx-bad-gateway": ["control-plane-unavailable", undefined, "502 Bad Gateway"],
  "nginx-to-https": ["tls-expected", undefined, "location https://localhost/flyteidl2.task.TaskService/ListTasks"],
  "ingress-default-backend": ["gateway-answered", "no-route", "default backend - 404"],
  "go-router": ["control-plane-not-spoken", undefined, "404 page not found"],
  "go-plain-http": ["tls-expected", undefined, "Client sent an HTTP request to an HTTPS server."],
  "grpc-go": ["control-plane-grpc-only", undefined, 'invalid gRPC request content-type "application/proto"'],
  "grpc-rest-gateway": ["control-plane-grpc-only", undefined, '"message":"Not Found"'],
  "cloudflare-blocked": ["gateway-answered", "cloudflare", 'server cloudflare: "Attention Required! | Cloudflare"'],
  "cloudflare-challenge": ["gateway-answered", "cloudflare", "Just a moment..."],
  "cloudflare-tls": ["gateway-answered", "cloudflare-origin", "525: SSL handshake failed"],
  "alb-protocol": ["gateway-answered", "alb-protocol", "HTTP 464, server awselb/2.0"],
  "alb-login": ["gateway-answered", "alb-login", "HTTP 561, server awselb/2.0"],
  "alb-waf": ["gateway-answered", "aws-waf", "HTTP 403, server awselb/2.0"],
  "alb-no-targets": ["control-plane-unavailable", undefined, "503 Service Temporarily Unavailable"],
  "cloudfront-method": ["gateway-answered", "cloudfront-method", "server CloudFront"],
  "azure-application-gateway": ["gateway-answered", "azure-waf", "Microsoft-Azure-Application-Gateway/v2"],
  "azure-front-door": ["gateway-answered", "azure-waf", "The request is blocked."],
  "google-iap": ["gateway-answered", "google-iap", "Invalid IAP credentials: Invalid JWT audience."],
  "google-iap-login": ["gateway-answered", "google-iap", "location https://accounts.google.com/o/oauth2/v2/auth"],
  "istio-rbac": ["gateway-answered", "envoy-rbac", 'server istio-envoy: "RBAC: access denied"'],
  "envoy-jwt": ["gateway-answered", "jwt-filter", "Jwt is missing"],
  "envoy-no-route": ["gateway-answered", "no-route", "HTTP 404, server istio-envoy"],
  "envoy-no-upstream": ["control-plane-unavailable", undefined, 'server envoy: "no healthy upstream"'],
  "envoy-reset": ["control-plane-unavailable", undefined, "upstream connect error"],
  "kong-no-route": ["gateway-answered", "no-route", "no Route matched with those values"],
  "apisix-no-route": ["gateway-answered", "no-route", "404 Route Not Found"],
  "oauth2-proxy": ["gateway-answered", "login-proxy", "Sign In"],
  "oauth2-proxy-redirect": ["control-plane-redirects", undefined, "login.example.com/realms/corp/protocol"],
  zscaler: ["gateway-answered", "web-filter", "Internet Security by Zscaler"],
  fortigate: ["gateway-answered", "web-filter", "Web Page Blocked"],
  sonicwall: ["gateway-answered", "web-filter", "server SonicWALL"],
  "sign-in-page": ["control-plane-not-spoken", undefined, "Sign in to Corp"],
  teapot: ["gateway-answered", undefined, "short and stout"],
  "server-error": ["gateway-answered", undefined, "500 Internal Server Error"],
};
const all = Object.entries(meanings) as [GatewayAnswer, (typeof meanings)[GatewayAnswer]][];

describe("an answer of something in front, over plain HTTP", () => {
  test.each(all)("%s: %j", async (gateway, [code, source, why]) => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "gateway", gateway });
    using client = openSession(targetOf(plane));
    const error = await failureOf(client.look());
    const isTransient = code === "control-plane-unavailable";
    expect(error).toMatchObject({ code, transient: isTransient, exit: 3 });
    expect(error.finding.args).toMatchObject({ ...(source && { source }) });
    expect(error.finding.why).toContain(why);
    expect(shown(error)).not.toContain("canary");
    expect(plane.calls).toHaveLength(isTransient ? 4 : 1);
    expect(verdicts).not.toContain(error.code);
    const { what, fix } = described(error);
    expect(what).toContain(plane.url);
    expect(fix).not.toMatch(/undefined|<\w+>/);
  });
});

describe.each(["h2", "http/1.1"] as const)("an answer of something in front, over TLS and %s", (httpVersions) => {
  test.each<[GatewayAnswer, Code]>([
    ["cloudflare-blocked", "gateway-answered"],
    ["grpc-go", "control-plane-grpc-only"],
    ["sign-in-page", "control-plane-not-spoken"],
    ["envoy-no-upstream", "control-plane-unavailable"],
    ["nginx-plain-http", "gateway-answered"],
    ["go-plain-http", "gateway-answered"],
    ["nginx-to-https", "control-plane-redirects"],
  ])("%s is %s", async (gateway, code) => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue(), httpVersions });
    await plane.setFault({ kind: "gateway", gateway });
    using client = openSession(targetOf(plane, { certificateAuthorities: authority.certificatePem }));
    expect(await failureOf(client.look())).toMatchObject({ code });
  });
});

/** A server that answers everything alike; what it is asked is told. */
async function withServer<T>(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use(`http://localhost:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function failureOfAnswer(status: number, headers: Record<string, string>, body: string | Buffer) {
  let requests = 0;
  const answer = (_: IncomingMessage, response: ServerResponse) => {
    requests += 1;
    response.writeHead(status, headers).end(body);
  };
  const error = await withServer(answer, async (url) => {
    using client = openSession(targetOf({ url }));
    return failureOf(client.look());
  });
  return { error, requests };
}

describe("an answer without an error of Connect", () => {
  test("is tried again only after statuses that may pass, and never a verdict on the caller", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(401, 403, 408, 425, 429, 502, 503, 504)),
        fc.constantFrom("text/html", "text/plain", "application/json", "application/proto", "image/png", ""),
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.constantFrom('{"code":"forbidden"}', '{"code":403}', '{"code":"permission_denied","message":1}', "null"),
        ),
        async (status, type, body) => {
          fc.pre(status !== 204 && status !== 205 && status !== 304);
          fc.pre(!(status === 200 && type === "application/proto"));
          const { error, requests } = await failureOfAnswer(status, type === "" ? {} : { "content-type": type }, body);
          expect(verdicts).not.toContain(error.code);
          expect(error.finding.why).toContain(`HTTP ${status}`);
          expect(requests).toBe([408, 425, 429, 502, 503, 504].includes(status) ? 4 : 1);
        },
      ),
      { numRuns: 60 },
    ));

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])("is read where it is compressed by %s, as a CDN does", async (encoding, compress) => {
    const headers = { "content-type": "text/html", "content-encoding": encoding };
    const page = `<title>Attention Required!</title>${"<p>x</p>".repeat(1_000)}`;
    expect((await failureOfAnswer(403, headers, compress(page))).error.finding.why).toContain("Attention Required!");
    const error = '{"code":"permission_denied","message":"no role"}';
    const refused = await failureOfAnswer(403, { ...headers, "content-type": "application/json" }, compress(error));
    expect(refused.error).toMatchObject({ code: "permission-denied", finding: { why: "PermissionDenied: no role" } });
  });

  test("has its beginning read where it is compressed and too long", async () => {
    const page = Buffer.concat([Buffer.from("<title>Blocked</title>"), randomBytes(1_500_000)]);
    const headers = { "content-type": "text/html", "content-encoding": "gzip" };
    expect((await failureOfAnswer(403, headers, gzipSync(page))).error.finding.why).toBe('HTTP 403: "Blocked"');
  });

  test.each([
    ["zstd", Buffer.from("28b52ffd", "hex")],
    ["gzip", Buffer.from("no gzip")],
    ["gzip", gzipSync(Buffer.alloc(50_000_000))],
  ])("has its status where its %s cannot be read", async (encoding, body) => {
    const headers = { "content-type": "text/html", "content-encoding": encoding, server: "cdn" };
    expect((await failureOfAnswer(403, headers, body)).error.finding.why).toBe("HTTP 403, server cdn");
  });

  test("has its beginning read where it has no end", async () => {
    const page = `<title>Blocked</title>${"x".repeat(65_536)}`;
    const answer = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(403, { "content-type": "text/html" });
      const more = () => {
        while (!response.destroyed && response.write(page));
      };
      response.on("drain", more);
      more();
    };
    const error = await withServer(answer, async (url) => {
      using client = openSession(targetOf({ url }));
      return failureOf(client.look());
    });
    expect(error.finding.why).toBe('HTTP 403: "Blocked"');
  });

  test("shows no token that it repeats, not even a part of it", async () => {
    const client = { clientId: "registrar", clientSecret: "secret" };
    await using plane = await startControlPlane({ oauth: client });
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      if (request.headers.authorization === undefined) {
        // Nothing but the published metadata is asked for without a token.
        void fetch(`${plane.url}${request.url}`, { method: "POST", headers: { "content-type": "application/proto" } })
          .then(async (from) => ({ status: from.status, body: Buffer.from(await from.arrayBuffer()) }))
          .then(({ status, body }) => response.writeHead(status, { "content-type": "application/proto" }).end(body));
        return;
      }
      const filler = "x".repeat(100);
      response.writeHead(403, { "content-type": "text/plain" }).end(`${filler} ${request.headers.authorization}`);
    };
    const error = await withServer(answer, async (url) => {
      using session = openSession(targetOf({ url }, { credentials: { type: "clientSecret", ...client } }));
      const failure = await failureOf(session.look());
      const [token = "none"] = session.secrets;
      expect(failure.finding.why).not.toContain(token.slice(0, 6));
      return failure;
    });
    expect(error).toMatchObject({ code: "gateway-answered" });
    expect(error.finding.why).toContain("Bearer [redacted");
  });
});

describe("an error of Connect keeps its meaning", () => {
  const codes = Object.values(ConnectCode).filter((code): code is ConnectCode => typeof code === "number");

  test.each(codes.map((code) => [codeToString(code), codeToHttpStatus(code)] as const))(
    "%s, whatever type a gateway makes of it",
    async (code, status) => {
      const body = JSON.stringify({ code, message: "said so" });
      const found = await Promise.all(
        ["application/json", "application/json; charset=utf-8", "text/plain", "application/octet-stream"].map(
          async (type) => (await failureOfAnswer(status, { "content-type": type }, body)).error,
        ),
      );
      const [first] = found;
      for (const error of found) {
        expect(error).toMatchObject({ code: first?.code });
        expect(error.finding.why).toMatch(/said so/);
        expect(["gateway-answered", "control-plane-redirects"]).not.toContain(error.code);
      }
    },
  );

  test.each([
    [401, "unauthenticated", "credentials-missing"],
    [403, "permission_denied", "permission-denied"],
    [404, "not_found", "control-plane-rejected"],
    [503, "unavailable", "control-plane-unavailable"],
    [500, "internal", "control-plane-failed"],
  ])("HTTP %i with %s is %s", async (status, code, expected) => {
    const { error } = await failureOfAnswer(status, { server: "nginx" }, JSON.stringify({ code }));
    expect(error.code).toBe(expected);
  });
});

describe("a redirection", () => {
  test.each<[location: string, code: Code, what: string, fix: string]>([
    ["https://localhost/flyteidl2.task.TaskService/ListTasks", "tls-expected", "requires TLS", "controlPlane.insecure"],
    ["https://localhost:8443/", "tls-expected", "requires TLS", "controlPlane.insecure"],
    [
      "https://api.example.com/flyteidl2.task.TaskService/ListTasks?x=1",
      "control-plane-redirects",
      "redirects requests to https://api.example.com",
      "Set controlPlane.endpoint to https://api.example.com.",
    ],
    [
      "http://localhost:1/flyteidl2.task.TaskService/ListTasks",
      "control-plane-redirects",
      "redirects requests to http://localhost:1",
      "Set controlPlane.endpoint to http://localhost:1.",
    ],
    ["/login?next=canary", "control-plane-redirects", "/login", "Exempt the paths /flyteidl2.*"],
    [
      "https://sso.example.com/authorize?state=canary",
      "control-plane-redirects",
      "https://sso.example.com/authorize",
      "Exempt",
    ],
    ["//sso.example.com/", "control-plane-redirects", "redirects requests to http://sso.example.com/", "Exempt"],
    ["http://[", "control-plane-not-spoken", "not like a Flyte 2 control plane", "Point"],
  ])("to %s is %s", async (location, code, what, fix) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const { error, requests } = await failureOfAnswer(status, { location }, "");
      expect(error.code).toBe(code);
      expect(described(error).what).toContain(what);
      expect(described(error).fix).toContain(fix);
      expect(shown(error)).not.toContain("canary");
      expect(requests).toBe(1);
    }
  });
});

test("a control plane without AuthMetadataService, whose router answers 404, requires no token", async () => {
  await using plane = await startControlPlane();
  const methods = ["AuthMetadataService/GetOAuth2Metadata", "AuthMetadataService/GetPublicClientConfig"];
  await plane.setFault({ kind: "gateway", gateway: "go-router", methods });
  const credentials = { type: "clientSecret", clientId: "registrar", clientSecret: "secret" } as const;
  using session = openSession(targetOf(plane, { credentials }));
  expect(await session.look()).toBeUndefined();
});

test("a gateway that refuses an expired token gets a new one", async () => {
  const client = { clientId: "registrar", clientSecret: "secret" };
  await using plane = await startControlPlane({ oauth: client });
  using session = openSession(targetOf(plane, { credentials: { type: "clientSecret", ...client } }));
  await session.look();
  await plane.setFault({ kind: "gateway", gateway: "nginx-auth-url", times: 1, methods: ["TaskService/ListTasks"] });
  await session.look();
  expect(plane.calls.filter(({ method }) => method === "token")).toHaveLength(2);
});

test("every answer of the table is played", () => {
  expect(Object.keys(meanings).sort()).toEqual(Object.keys(gatewayAnswers).sort());
});

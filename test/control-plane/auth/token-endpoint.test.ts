import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requestToken } from "../../../src/control-plane/auth/client-credentials.ts";
import type { Code } from "../../../src/findings/catalog/catalog.ts";
import { CertificateError } from "../../../src/network/certificate.ts";
import { ProxyError } from "../../../src/network/connect-through-proxy.ts";
import { type Answer, createFetch, type Fetch, type FetchOptions } from "../../../src/network/fetch.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { type CertificateRequest, createAuthority } from "../../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../../testing/control-plane/start.ts";
import { described } from "../../../testing/findings/described.ts";
import { createFakeClock, failureOf, methods, openSession, shown, targetOf } from "../sessions.ts";

const secret = "canary secret";
const client = { type: "clientSecret", clientId: "registrar", clientSecret: secret } as const;
const oauth = { clientId: client.clientId, clientSecret: secret, product: "zitadel" } as const;
const discovered = {
  tokenEndpoint: "https://idp.example/token",
  scopes: ["all", "read"],
  audience: "https://flyte",
  header: "authorization",
};

const json = { "content-type": "application/json" };
const { signal } = new AbortController();

/** What comes of an answer of the token endpoint. */
function tokenFrom({ status = 200, headers = json, text = "{}" }: Partial<Answer>): Promise<string> {
  const fetch = async () => ({ status, headers, text });
  return requestToken(discovered, client, { fetch, clock: systemClock }, signal);
}

describe("a token request", () => {
  const asked: { url: string; options: FetchOptions }[] = [];
  const fetch: Fetch = async (url, options) => {
    asked.push({ url, options });
    return { status: 200, headers: json, text: '{"access_token":"token"}' };
  };
  const formOf = async (more: { scopes?: readonly string[] }, found: object = {}) => {
    await requestToken({ ...discovered, ...found }, { ...client, ...more }, { fetch, clock: systemClock }, signal);
    return asked.at(-1)?.options.body;
  };

  test("asks for what the control plane published, and gives the token", async () => {
    const dependencies = { fetch, clock: systemClock };
    expect(await requestToken(discovered, client, dependencies, signal)).toBe("token");
    expect(asked.at(-1)?.url).toBe(discovered.tokenEndpoint);
    expect(asked.at(-1)?.options).toMatchObject({
      method: "POST",
      headers: {
        accept: "application/json",
        authorization: `Basic ${Buffer.from("registrar:canary+secret").toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": expect.stringMatching(/./),
      },
      body: "grant_type=client_credentials&scope=all+read&audience=https%3A%2F%2Fflyte",
    });
  });

  test("asks for the scopes of the settings rather than those of the control plane", async () => {
    expect(await formOf({ scopes: ["api://8e82/.default"] })).toContain("&scope=api%3A%2F%2F8e82%2F.default&");
    expect(await formOf({ scopes: [] })).toContain("&scope=all+read&");
  });

  test("names no audience where none is published, and an empty scope where no scope is", async () => {
    expect(await formOf({}, { scopes: [], audience: "" })).toBe("grant_type=client_credentials&scope=");
  });
});

describe("an answer of a token endpoint", () => {
  test.each<[string, Partial<Answer>, Code, boolean, string]>([
    [
      "an empty 401 with a challenge",
      { status: 401, headers: { "www-authenticate": "Basic" }, text: "" },
      "client-refused",
      false,
      "HTTP 401: no body",
    ],
    [
      "401 in words",
      { status: 401, headers: {}, text: "Unauthorized" },
      "client-refused",
      false,
      "HTTP 401: Unauthorized",
    ],
    [
      "401 by a login page",
      { status: 401, headers: {}, text: "<title>Sign in</title>" },
      "token-endpoint-not-spoken",
      false,
      "Sign in",
    ],
    [
      "an error nobody knows",
      { status: 400, text: '{"error":"slow_down"}' },
      "token-endpoint-refused",
      false,
      "slow_down",
    ],
    [
      "an unknown tenant",
      { status: 400, text: '{"error":"invalid_request","error_description":"AADSTS90002: Tenant not found."}' },
      "token-endpoint-refused",
      false,
      "AADSTS90002",
    ],
    [
      "a missing scope",
      {
        status: 400,
        text: '{"error":"invalid_request","error_description":"AADSTS900144: The request body must contain the following parameter: \'scope\'."}',
      },
      "scope-refused",
      false,
      "AADSTS900144",
    ],
    [
      "an unknown realm",
      { status: 404, text: '{"error":"Realm does not exist"}' },
      "token-endpoint-refused",
      false,
      "Realm does not exist",
    ],
    [
      "an unknown grant",
      { status: 400, text: '{"error":"unsupported_grant_type"}' },
      "grant-refused",
      false,
      "unsupported_grant_type",
    ],
    [
      "a grant that Auth0 does not allow",
      {
        status: 403,
        text: `{"error":"unauthorized_client","error_description":"Grant type 'client_credentials' not allowed for the client."}`,
      },
      "grant-refused",
      false,
      "not allowed",
    ],
    [
      "a secret that Keycloak cannot decode",
      {
        status: 400,
        text: '{"error":"unauthorized_client","error_description":"Unexpected error when authenticating client"}',
      },
      "client-refused",
      false,
      "Unexpected error",
    ],
    [
      "an error with status 200",
      { text: '{"error":"invalid_client_secret"}' },
      "client-refused",
      false,
      "HTTP 200: invalid_client_secret",
    ],
    ["no token", { text: '{"token_type":"Bearer"}' }, "token-endpoint-not-spoken", false, "fields: token_type"],
    [
      "a login page",
      { headers: {}, text: "<title>Sign in</title>" },
      "token-endpoint-not-spoken",
      false,
      'titled "Sign in"',
    ],
    [
      "a redirect",
      { status: 302, headers: { location: "https://sso/login?x" }, text: "" },
      "token-endpoint-not-spoken",
      false,
      "https://sso/login",
    ],
    [
      "a page of a firewall",
      { status: 403, headers: { server: "awselb/2.0" }, text: "<title>403 Forbidden</title>" },
      "token-endpoint-not-spoken",
      false,
      "awselb/2.0",
    ],
    [
      "404 in words",
      { status: 404, headers: {}, text: "404 page not found" },
      "token-endpoint-not-spoken",
      false,
      "404 page not found",
    ],
    [
      "a server error",
      { status: 503, headers: {}, text: "no healthy upstream" },
      "token-endpoint-failed",
      true,
      "HTTP 503: no healthy",
    ],
    [
      "a server error in JSON",
      { status: 500, text: '{"error":"server_error"}' },
      "token-endpoint-failed",
      true,
      "server_error",
    ],
    ["a timeout", { status: 408, headers: {}, text: "" }, "token-endpoint-failed", true, "HTTP 408"],
    ["425", { status: 425, headers: {}, text: "" }, "token-endpoint-failed", true, "HTTP 425"],
    [
      "a limit of Okta",
      {
        status: 429,
        text: '{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit due to too many requests."}',
      },
      "token-endpoint-failed",
      true,
      "E0000047",
    ],
  ])("that is %s fails as it should", async (_, answer, code, transient, why) => {
    const error = await failureOf(tokenFrom(answer));
    expect(error).toMatchObject({ code, transient });
    expect(described(error).what).toContain(discovered.tokenEndpoint);
    expect(error.finding.why).toContain(why);
    expect(shown(error)).not.toContain("canary");
  });

  test("shows what was asked for where that is refused", async () => {
    const error = await failureOf(tokenFrom({ status: 400, text: '{"error":"invalid_target"}' }));
    expect(error.finding.why).toBe('HTTP 400: invalid_target (asked for scope "all read", audience "https://flyte")');
  });

  test("names the URL that was asked in the next command", async () => {
    const error = await failureOf(tokenFrom({ status: 404, headers: {}, text: "not found" }));
    expect(described(error).next).toBe(
      "curl -sv --max-time 10 -d grant_type=client_credentials https://idp.example/token",
    );
  });

  test("says how long to wait, a minute at most", async () => {
    const limited = (seconds: string) => tokenFrom({ status: 429, headers: { "retry-after": seconds }, text: "" });
    expect((await failureOf(limited("7"))).retryAfter).toBe(7_000);
    expect((await failureOf(limited("7000"))).retryAfter).toBe(60_000);
  });

  test("is final if a 4xx, but for 408, 425 and 429, whatever it says", async () => {
    const own = fc.record({ error: fc.string(), error_description: fc.string() });
    const answers = fc.oneof(
      own.map((body) => JSON.stringify(body)),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 400, max: 499 }), answers, async (status, text) => {
        const { transient } = await failureOf(tokenFrom({ status, text }));
        expect(transient).toBe([408, 425, 429].includes(status));
      }),
    );
  });
});

describe("the token endpoint", () => {
  test("where nothing listens cannot be reached", async () => {
    const plane = await startControlPlane();
    await plane.stop();
    const there = { ...discovered, tokenEndpoint: `${plane.url}/token` };
    const fetch = createFetch(targetOf(plane), { clock: systemClock, signal });
    const error = await failureOf(requestToken(there, client, { fetch, clock: systemClock }, signal));
    expect(error).toMatchObject({ code: "token-endpoint-unreachable", transient: true });
    expect(described(error).what).toContain(there.tokenEndpoint);
    expect(error.finding.why).toContain("ECONNREFUSED");
  });

  const fault = (code: string) => Object.assign(new Error("said so"), { code });
  test.each<[Error, Code, boolean]>([
    [fault("ENOTFOUND"), "token-endpoint-unreachable", true],
    [fault("ECONNREFUSED"), "token-endpoint-unreachable", true],
    [fault("ETIMEDOUT"), "token-endpoint-unreachable", true],
    [fault("ENETUNREACH"), "token-endpoint-unreachable", true],
    [fault("ECONNRESET"), "token-endpoint-unreachable", true],
    [fault("HPE_INVALID_CONSTANT"), "token-endpoint-failed", true],
    [fault("ERR_SSL_WRONG_VERSION_NUMBER"), "tls-not-spoken", false],
    [fault("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"), "tls-handshake-failed", false],
    [fault("CERT_HAS_EXPIRED"), "tls-not-valid-now", false],
    [fault("DEPTH_ZERO_SELF_SIGNED_CERT"), "tls-self-signed", false],
    [new CertificateError("wrong-host", "said so", { names: "elsewhere" }, {}), "tls-wrong-host", false],
    [new CertificateError("without-names", "said so", {}, {}), "tls-without-names", false],
    [new ProxyError("http://proxy:3128", "said so"), "proxy-failed", true],
  ])("to which the way fails with %o has the code %s, tried again: %s", async (cause, code, transient) => {
    const fetch = () => Promise.reject(cause);
    const error = await failureOf(requestToken(discovered, client, { fetch, clock: systemClock }, signal));
    expect(error).toMatchObject({ code, transient });
    expect(described(error).what).toContain(discovered.tokenEndpoint);
    expect(error.finding.why).toContain("said so");
  });

  test.each(["", "/oauth2/token", "idp.example/token"])("that is %j is no URL, which no retry mends", async (url) => {
    await using plane = await startControlPlane();
    const fetch = createFetch(targetOf(plane), { clock: systemClock, signal });
    const there = { ...discovered, tokenEndpoint: url };
    const error = await failureOf(requestToken(there, client, { fetch, clock: systemClock }, signal));
    expect(error).toMatchObject({ code: "token-endpoint-not-spoken", transient: false });
  });

  test("is asked again while it is down", async () => {
    await using plane = await startControlPlane({ oauth });
    await plane.setFault({ kind: "token-unavailable", times: 2 });
    using session = openSession(targetOf(plane, { credentials: client }));
    expect(await session.look()).toBeUndefined();
    expect(methods(plane).filter((method) => method === "token")).toHaveLength(3);
    expect(session.clock.pauses).toEqual([250, 500]);
  });

  test("is given up when it stays down", async () => {
    await using plane = await startControlPlane({ oauth });
    await plane.setFault({ kind: "token-unavailable" });
    using session = openSession(targetOf(plane, { credentials: client }));
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code: "token-endpoint-failed", exit: 3 });
    expect(error.finding.why).toMatch(/HTTP 503.*\(4 attempts in 1\.8 s\)$/);
  });

  test("that hangs is given up with the request that wanted the token", async () => {
    await using plane = await startControlPlane({ oauth });
    await plane.setFault({ kind: "hang", methods: ["token"] });
    const clock = createFakeClock();
    using session = openSession(targetOf(plane, { credentials: client }), { clock, giveUpAfterMilliseconds: 200 });
    const started = performance.now();
    expect(await failureOf(session.look())).toMatchObject({ code: "token-endpoint-unreachable", transient: true });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test("of a private CA is refused at once where only the control plane's is trusted", async () => {
    const [ours, other] = await Promise.all([createAuthority("ours"), createAuthority("another")]);
    const [tls, foreign] = await Promise.all([ours.issue(), other.issue()]);
    await using plane = await startControlPlane({ tls, oauth: { ...oauth, tls: foreign } });
    const target = targetOf(plane, { credentials: client, certificateAuthorities: ours.certificatePem });
    using session = openSession(target);
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code: "tls-untrusted", transient: false });
    expect(described(error).what).toContain(plane.tokenUrl);
  });

  test.each<[string, CertificateRequest, Code]>([
    ["for another host", { dnsNames: ["elsewhere"], ipAddresses: [] }, "tls-wrong-host"],
    ["for clients only", { usage: "clientAuth" }, "tls-certificate-unusable"],
  ])("with a certificate %s is not mended by the settings of the control plane", async (_, request, code) => {
    const authority = await createAuthority("ours");
    const [tls, other] = await Promise.all([authority.issue(), authority.issue(request)]);
    await using plane = await startControlPlane({ tls, oauth: { ...oauth, tls: other } });
    const trusted = { credentials: client, certificateAuthorities: authority.certificatePem };
    using session = openSession(targetOf(plane, trusted));
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code, transient: false });
    expect(described(error).what).toContain(plane.tokenUrl);
    expect(described(error).fix).not.toMatch(/controlPlane\.(endpoint|insecure)/);
  });
});

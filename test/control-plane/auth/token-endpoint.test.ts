import { describe, expect, test } from "vitest";
import { requestToken } from "../../../src/control-plane/auth/client-credentials.ts";
import type { Code } from "../../../src/findings/catalog/catalog.ts";
import { CertificateError } from "../../../src/network/certificate.ts";
import { ProxyError } from "../../../src/network/connect-through-proxy.ts";
import { createFetch } from "../../../src/network/fetch.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { createAuthority } from "../../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../../testing/control-plane/start.ts";
import { described } from "../../../testing/findings/described.ts";
import { createFakeClock, failureOf, methods, openSession, shown, targetOf } from "../sessions.ts";

const secret = "canary secret";
const client = { type: "clientSecret", clientId: "registrar", clientSecret: secret } as const;
const oauth = { clientId: client.clientId, clientSecret: secret };
const discovered = {
  tokenEndpoint: "https://idp.example/token",
  issuer: "https://idp.example",
  scopes: ["all", "read"],
  audience: "https://flyte",
  header: "authorization",
};

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What comes of a token endpoint's answer. */
function tokenFrom({ status = 200, body = {}, headers = {} }: Answer): Promise<string> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = async () =>
    new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
  return requestToken(discovered, client, answer, new AbortController().signal);
}

describe("a token request", () => {
  test("asks for what the control plane published, and gives the token", async () => {
    const asked: { url: string; body: string; authorization: string | undefined }[] = [];
    const fetch: Parameters<typeof requestToken>[2] = async (url, { body, headers }) => {
      asked.push({ url, body: String(body), authorization: headers["authorization"] });
      return Response.json({ access_token: "token", token_type: "Bearer" });
    };
    expect(await requestToken(discovered, client, fetch, new AbortController().signal)).toBe("token");
    const [request] = asked;
    expect(request?.url).toBe(discovered.tokenEndpoint);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: "client_credentials",
      scope: "all read",
      audience: discovered.audience,
    });
    expect(request?.authorization).toBe(`Basic ${Buffer.from("registrar:canary+secret").toString("base64")}`);
  });

  const challenge = { "www-authenticate": 'Basic realm="idp"' };
  test.each<[string, Answer, Code, boolean, string]>([
    ["invalid_client", { status: 401, body: { error: "invalid_client" } }, "client-refused", false, "invalid_client"],
    [
      "invalid_client with the challenge that RFC 6749 asks for",
      { status: 401, body: { error: "invalid_client", error_description: "expired" }, headers: challenge },
      "client-refused",
      false,
      "invalid_client: expired",
    ],
    [
      "a challenge and nothing else",
      { status: 401, body: "", headers: challenge },
      "client-refused",
      false,
      "HTTP 401 with",
    ],
    [
      "unauthorized_client",
      { status: 400, body: { error: "unauthorized_client" } },
      "client-refused",
      false,
      "unauthorized_client",
    ],
    [
      "invalid_scope",
      { status: 400, body: { error: "invalid_scope", error_description: "no read" } },
      "scope-refused",
      false,
      'invalid_scope: no read (asked for scope "all read", audience "https://flyte")',
    ],
    ["invalid_target", { status: 400, body: { error: "invalid_target" } }, "scope-refused", false, "invalid_target"],
    ["access_denied", { status: 403, body: { error: "access_denied" } }, "scope-refused", false, "access_denied"],
    ["another error", { status: 400, body: { error: "slow_down" } }, "token-endpoint-failed", true, "slow_down"],
    ["a server error", { status: 503, body: "no healthy upstream" }, "token-endpoint-failed", true, "HTTP 503"],
    [
      "a login page",
      { body: "<html>", headers: { "content-type": "text/html" } },
      "token-endpoint-failed",
      true,
      "content-type",
    ],
    ["no token", { body: { token_type: "Bearer" } }, "token-endpoint-failed", true, "access_token"],
  ])("that is answered with %s fails as it should", async (_, answer, code, transient, why) => {
    const error = await failureOf(tokenFrom(answer));
    expect(error).toMatchObject({ code, transient });
    expect(described(error).what).toContain(discovered.tokenEndpoint);
    expect(error.finding.why).toContain(why);
    expect(shown(error)).not.toContain("canary");
  });
});

describe("the token endpoint", () => {
  test("where nothing listens cannot be reached", async () => {
    const plane = await startControlPlane();
    await plane.stop();
    const { signal } = new AbortController();
    const there = { ...discovered, tokenEndpoint: `${plane.url}/token` };
    const error = await failureOf(
      requestToken(there, client, createFetch(targetOf(plane), { clock: systemClock, signal }), signal),
    );
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
    [fault("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"), "tls-not-spoken", false],
    [fault("CERT_HAS_EXPIRED"), "tls-not-valid-now", false],
    [fault("DEPTH_ZERO_SELF_SIGNED_CERT"), "tls-self-signed", false],
    [new CertificateError("wrong-host", "said so", "elsewhere", {}), "tls-wrong-host", false],
    [new CertificateError("without-names", "said so", "", {}), "tls-without-names", false],
    [new ProxyError("http://proxy:3128", "said so"), "proxy-failed", true],
  ])("to which the way fails with %o has the code %s, tried again: %s", async (cause, code, transient) => {
    const failing = () => Promise.reject(cause);
    const error = await failureOf(requestToken(discovered, client, failing, new AbortController().signal));
    expect(error).toMatchObject({ code, transient });
    expect(described(error).what).toContain(discovered.tokenEndpoint);
    expect(error.finding.why).toContain("said so");
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
});

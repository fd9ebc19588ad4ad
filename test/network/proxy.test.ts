import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, test } from "vitest";
import type { Code } from "../../src/findings/catalog/catalog.ts";
import { connect } from "../../src/network/dial.ts";
import { parseProxy } from "../../src/network/route.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import type { ProxyAnswerName } from "../../testing/proxy/proxy-answers.ts";
import { failureOf, openSession, shown, targetOf } from "../control-plane/sessions.ts";

const hostOf = (url: string | undefined) => new URL(url ?? "").host;

describe("a proxy", () => {
  test.each(["h2", "http/1.1"] as const)("is asked for a tunnel to the control plane, TLS with %s", async (version) => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue(), httpVersions: version });
    await using proxy = await startProxy();
    const trusted = { certificateAuthorities: authority.certificatePem };
    using client = openSession(targetOf(plane, { proxy: parseProxy(proxy.url), ...trusted }));
    await client.look();
    expect(proxy.connections).toEqual([hostOf(plane.url)]);
    expect(plane.calls).toHaveLength(1);
  });

  test("is asked for tunnels to the token endpoint too, and for plain HTTP", async () => {
    const client = { clientId: "registrar", clientSecret: "secret" };
    await using plane = await startControlPlane({ oauth: client });
    await using proxy = await startProxy();
    const credentials = { type: "clientSecret", ...client } as const;
    using session = openSession(targetOf(plane, { proxy: parseProxy(proxy.url), credentials }));
    await session.look();
    expect(new Set(proxy.connections)).toEqual(new Set([hostOf(plane.url), hostOf(plane.tokenUrl)]));
  });

  test("gets the credentials of its URL, which may be quoted there", async () => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy({ username: "us er", password: "canary:p@ss" });
    const url = new URL(proxy.url);
    url.username = "us er";
    url.password = encodeURIComponent("canary:p@ss");
    using client = openSession(targetOf(plane, { proxy: parseProxy(url.href) }));
    expect(await client.look()).toBeUndefined();
  });

  test("is left out for the hosts of noProxy", async () => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy();
    using client = openSession(targetOf(plane, { proxy: parseProxy(proxy.url), noProxy: "elsewhere,localhost" }));
    await client.look();
    expect(proxy.connections).toEqual([]);
    expect(plane.calls).toHaveLength(1);
  });

  test.each<[answer: ProxyAnswerName, code: Code, fix: RegExp, why: string]>([
    [
      "squid-denied",
      "proxy-refused",
      /^Allow CONNECT to localhost:\d+ at the proxy/,
      'HTTP 403, server squid/5.7: "ERROR: The requested URL could not be retrieved"; Squid\'s ERR_ACCESS_DENIED 0',
    ],
    [
      "tinyproxy-denied",
      "proxy-refused",
      /^Allow CONNECT to/,
      'HTTP 403, server tinyproxy/1.11.1: "403 Access violation"',
    ],
    ["zscaler", "proxy-refused", /^Allow CONNECT to/, "Internet Security by Zscaler"],
    [
      "squid-login",
      "proxy-login-required",
      /user name and password.*http:\/\/<user>:<password>@/,
      'Basic realm="corporate"',
    ],
    ["tinyproxy-login", "proxy-login-required", /user name and password/, 'Basic realm="Tinyproxy"'],
    [
      "windows-login",
      "proxy-login-required",
      /^Allow localhost .* the proxy offers only negotiate, ntlm\.$/,
      "Negotiate, NTLM",
    ],
    ["squid-invalid", "proxy-refused", /^Correct host and port of controlPlane.proxy/, "ERR_INVALID_URL"],
    ["no-proxy", "proxy-refused", /it is no forward proxy/, "405 Not Allowed"],
    ["squid-refused", "proxy-failed", /^Give the proxy a route to localhost:\d+/, "ERR_CONNECT_FAIL 111"],
    ["squid-name", "proxy-failed", /^Give the proxy a route/, "ERR_CANNOT_FORWARD"],
    ["tinyproxy-refused", "proxy-failed", /^Give the proxy a route/, "500 Unable to connect"],
  ])("that answers as %s is %s, without its credentials", async (refuse, code, fix, why) => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy({ refuse });
    const url = new URL(proxy.url);
    url.username = "user";
    url.password = "canary";
    using client = openSession(targetOf(plane, { proxy: parseProxy(url.href) }));
    const error = await failureOf(client.look());
    const isTransient = code === "proxy-failed";
    expect(error).toMatchObject({ code, exit: 3, transient: isTransient });
    expect(proxy.connections).toHaveLength(isTransient ? 4 : 1);
    expect(described(error).what).toContain(proxy.url);
    expect(described(error).fix).toMatch(fix);
    expect(error.finding.why).toContain(why);
    expect(shown(error)).not.toContain("canary");
    expect(plane.calls).toEqual([]);
  });

  test.each([
    ["", /requires a user name and password$/],
    ["user:wrong@", /rejects the user name and password$/],
  ])("that requires a login is asked once by http://%sproxy", async (credentials, what) => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy({ username: "user", password: "right" });
    using client = openSession(targetOf(plane, { proxy: parseProxy(proxy.url.replace("//", `//${credentials}`)) }));
    const error = await failureOf(client.look());
    expect(error.code).toBe("proxy-login-required");
    expect(described(error).what).toMatch(what);
    expect(proxy.connections).toHaveLength(1);
  });

  test("of the token endpoint has the same codes", async () => {
    const client = { clientId: "registrar", clientSecret: "secret" };
    await using plane = await startControlPlane({ oauth: client });
    await using proxy = await startProxy({ username: "user", password: "right" });
    const credentials = { type: "clientSecret", ...client } as const;
    const noProxy = new URL(plane.url).host;
    using session = openSession(targetOf(plane, { proxy: parseProxy(proxy.url), noProxy, credentials }));
    expect(await failureOf(session.look())).toMatchObject({ code: "proxy-login-required" });
    expect(proxy.connections).toEqual([hostOf(plane.tokenUrl)]);
  });

  test("whose answer has no end is reported when the time for it is over", async () => {
    await using plane = await startControlPlane();
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.write("HTTP/1.1 403 Forbidden\r\n\r\n<title>Blocked</title>"));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const { endpoint, ...route } = targetOf(plane, { proxy: parseProxy(`127.0.0.1:${port}`) });
    const error = await connect(endpoint, route, AbortSignal.timeout(200)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'the proxy answers HTTP 403: "Blocked"' });
    server.close();
  });

  test("that cannot be reached is named, and tried again", async () => {
    await using plane = await startControlPlane();
    const proxy = await startProxy();
    await proxy.stop();
    const url = new URL(proxy.url);
    url.username = "user";
    url.password = "canary";
    using client = openSession(targetOf(plane, { proxy: parseProxy(url.href) }));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "proxy-failed", transient: true });
    expect(shown(error)).not.toContain("canary");
    expect(error.finding.why).toContain("ECONNREFUSED");
    expect(client.clock.pauses).toEqual([250, 500, 1_000]);
  });

  test("may speak TLS, and is known by its own certificate", async () => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue() });
    await using proxy = await startProxy({ tls: await authority.issue() });
    const trusted = { certificateAuthorities: authority.certificatePem };
    using client = openSession(targetOf(plane, { proxy: parseProxy(proxy.url), ...trusted }));
    await client.look();
    expect(proxy.connections).toEqual([hostOf(plane.url)]);
  });

  test("with a certificate of an unknown CA is named", async () => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane();
    await using proxy = await startProxy({ tls: await authority.issue() });
    using client = openSession(targetOf(plane, { proxy: parseProxy(proxy.url) }));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "tls-untrusted", transient: false });
    expect(described(error).what).toContain(proxy.url);
  });

  test("does not hide what is wrong behind it", async () => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue() });
    await using proxy = await startProxy();
    using client = openSession(targetOf(plane, { proxy: parseProxy(proxy.url) }));
    expect(await failureOf(client.look())).toMatchObject({ code: "tls-untrusted" });
  });
});

import { describe, expect, test } from "vitest";
import { bypassesProxy } from "../../src/network/proxy.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import { failureOf, openSession, shown, targetOf } from "../control-plane/sessions.ts";

const hostOf = (url: string | undefined) => new URL(url ?? "").host;

describe("a proxy", () => {
  test.each(["h2", "http/1.1"] as const)("is asked for a tunnel to the control plane, TLS with %s", async (version) => {
    const authority = await createAuthority("test authority");
    await using plane = await startControlPlane({ tls: await authority.issue(), httpVersions: version });
    await using proxy = await startProxy();
    const trusted = { certificateAuthorities: authority.certificatePem };
    using client = openSession(targetOf(plane, { proxy: new URL(proxy.url), ...trusted }));
    await client.look();
    expect(proxy.connections).toEqual([hostOf(plane.url)]);
    expect(plane.calls).toHaveLength(1);
  });

  test("is asked for tunnels to the token endpoint too, and for plain HTTP", async () => {
    const client = { clientId: "registrar", clientSecret: "secret" };
    await using plane = await startControlPlane({ oauth: client });
    await using proxy = await startProxy();
    const credentials = { type: "clientSecret", ...client } as const;
    using session = openSession(targetOf(plane, { proxy: new URL(proxy.url), credentials }));
    await session.look();
    expect(new Set(proxy.connections)).toEqual(new Set([hostOf(plane.url), hostOf(plane.tokenUrl)]));
  });

  test("gets the credentials of its URL, which may be quoted there", async () => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy({ username: "us er", password: "canary:p@ss" });
    const url = new URL(proxy.url);
    url.username = "us er";
    url.password = encodeURIComponent("canary:p@ss");
    using client = openSession(targetOf(plane, { proxy: url }));
    expect(await client.look()).toBeUndefined();
  });

  test("is left out for the hosts of noProxy", async () => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy();
    using client = openSession(targetOf(plane, { proxy: new URL(proxy.url), noProxy: "elsewhere,localhost" }));
    await client.look();
    expect(proxy.connections).toEqual([]);
    expect(plane.calls).toHaveLength(1);
  });

  test.each([
    ["refuses", { refuse: 403 }, "403 Refused"],
    ["wants other credentials", { username: "user", password: "other" }, "407 Refused"],
  ])("that %s is named, without its credentials", async (_, options, why) => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy(options);
    const url = new URL(proxy.url);
    url.username = "user";
    url.password = "canary";
    using client = openSession(targetOf(plane, { proxy: url }));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "proxy-failed", exit: 3 });
    expect(described(error).what).toContain(proxy.url);
    expect(described(error).what).toContain(plane.url);
    expect(error.finding.why).toContain(why);
    expect(shown(error)).not.toContain("canary");
    expect(plane.calls).toEqual([]);
  });

  test("that cannot be reached is named, and tried again", async () => {
    await using plane = await startControlPlane();
    const proxy = await startProxy();
    await proxy.stop();
    const url = new URL(proxy.url);
    url.username = "user";
    url.password = "canary";
    using client = openSession(targetOf(plane, { proxy: url }));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "proxy-failed", transient: true });
    expect(shown(error)).not.toContain("canary");
    expect(error.finding.why).toContain("ECONNREFUSED");
    expect(client.clock.pauses).toEqual([250, 500, 1_000]);
  });

  test("does not hide what is wrong behind it", async () => {
    const authority = await createAuthority("test authority");
    await using plane = await startControlPlane({ tls: await authority.issue() });
    await using proxy = await startProxy();
    using client = openSession(targetOf(plane, { proxy: new URL(proxy.url) }));
    expect(await failureOf(client.look())).toMatchObject({ code: "tls-untrusted" });
  });
});

test.each([
  ["", false],
  ["*", true],
  ["union.example.com", true],
  ["UNION.example.COM", true],
  ["example.com", true],
  [".example.com", true],
  ["*.example.com", true],
  ["ample.com", false],
  ["n.example.com", false],
  ["deeper.union.example.com", false],
  ["union.example.com:443", true],
  ["union.example.com:8443", false],
  ["elsewhere, example.com", true],
  ["elsewhere example.com", true],
  [",,", false],
  ["10.0.0.0/8", false],
])("NO_PROXY=%s leaves the proxy out for union.example.com: %s", (noProxy, bypasses) => {
  expect(bypassesProxy({ host: "union.example.com", port: 443 }, noProxy)).toBe(bypasses);
});

test.each([
  ["10.1.2.3", "10.1.2.3", true],
  ["10.1.2.3", "10.0.0.0/8", true],
  ["11.1.2.3", "10.0.0.0/8", false],
  ["10.1.2.3", "fd00::/8,10.1.0.0/16", true],
  ["10.1.2.3", "10.0.0.0/99", false],
  ["10.1.2.3", "10.0.0.0/", false],
  ["10.1.2.3", "10.1.2.3:443", true],
  ["10.1.2.3", "10.1.2.3:8443", false],
  ["10.1.2.3", "2.3", false],
  ["[fd00::1]", "fd00::/8", true],
  ["[fd00::1]", "fd00::1", true],
  ["[fd00::1]", "[fd00::1]", true],
  ["[fd00::1]", "fe80::/10", false],
  ["[::1]", "::1", true],
])("the address %s is reached without the proxy by NO_PROXY=%s: %s", (host, noProxy, bypasses) => {
  expect(bypassesProxy({ host, port: 443 }, noProxy)).toBe(bypasses);
});

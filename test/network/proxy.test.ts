import { describe, expect, test } from "vitest";
import { parseProxy } from "../../src/network/route.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
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

  test.each([
    ["refuses", { refuse: 403 }, "403 Refused"],
    ["wants other credentials", { username: "user", password: "other" }, "407 Refused"],
  ])("that %s is named, without its credentials", async (_, options, why) => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy(options);
    const url = new URL(proxy.url);
    url.username = "user";
    url.password = "canary";
    using client = openSession(targetOf(plane, { proxy: parseProxy(url.href) }));
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

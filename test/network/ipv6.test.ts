import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseProxy } from "../../src/network/route.ts";
import { type Authority, createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { hasIpv6Loopback } from "../../testing/ipv6/ipv6-loopback.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import { failureOf, openSession, targetOf } from "../control-plane/sessions.ts";

beforeEach(({ skip }) => skip(!hasIpv6Loopback(), "this machine has no ::1"));

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority("test CA");
});

const address = "::1";
const client = { clientId: "registrar", clientSecret: "secret" };
const credentials = { type: "clientSecret", ...client } as const;
const issue = () => authority.issue({ dnsNames: [], ipAddresses: [address] });
const trusting = () => ({ certificateAuthorities: authority.certificatePem });
const hostOf = (url: string | undefined) => new URL(url ?? "").host;

describe("a control plane on an IPv6 address", () => {
  test.each(["h2", "http/1.1"] as const)("is known by its certificate, over %s", async (httpVersions) => {
    await using plane = await startControlPlane({ address, tls: await issue(), httpVersions });
    using session = openSession(targetOf(plane, trusting()));
    expect(await session.look()).toBeUndefined();
    expect(plane.calls).toHaveLength(1);
  });

  test("is contacted over plain HTTP", async () => {
    await using plane = await startControlPlane({ address });
    using session = openSession(targetOf(plane));
    expect(await session.look()).toBeUndefined();
  });

  test("is refused where its certificate is for another address", async () => {
    const tls = await authority.issue({ dnsNames: [], ipAddresses: ["::2"] });
    await using plane = await startControlPlane({ address, tls });
    using session = openSession(targetOf(plane, trusting()));
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code: "tls-wrong-host" });
    expect(error.finding.why).toMatch(/ not for ::1 /);
  });

  test("may have its token endpoint there too", async () => {
    const oauth = { ...client, tls: await issue() };
    await using plane = await startControlPlane({ address, tls: await issue(), oauth });
    expect(plane.tokenUrl).toMatch(/^https:\/\/\[::1\]:/);
    using session = openSession(targetOf(plane, { ...trusting(), credentials }));
    expect(await session.look()).toBeUndefined();
  });
});

describe("a proxy on an IPv6 address", () => {
  test("opens tunnels to names and to IPv6 addresses", async () => {
    for (const where of [undefined, address]) {
      const tls = await (where ? issue() : authority.issue());
      await using plane = await startControlPlane({ tls, ...(where && { address: where }), oauth: client });
      await using proxy = await startProxy({ address });
      const proxied = { ...trusting(), credentials, proxy: parseProxy(proxy.url) };
      using session = openSession(targetOf(plane, proxied));
      expect(await session.look()).toBeUndefined();
      expect(new Set(proxy.connections)).toEqual(new Set([hostOf(plane.url), hostOf(plane.tokenUrl)]));
    }
  });

  test("gets its credentials, and may speak TLS itself", async () => {
    await using plane = await startControlPlane({ address, tls: await issue() });
    await using proxy = await startProxy({ address, tls: await issue(), username: "user", password: "secret" });
    const url = proxy.url.replace("https://", "https://user:secret@");
    using session = openSession(targetOf(plane, { ...trusting(), proxy: parseProxy(url) }));
    expect(await session.look()).toBeUndefined();
    expect(proxy.connections).toEqual([hostOf(plane.url)]);
  });

  test("is left out for the addresses of noProxy", async () => {
    await using plane = await startControlPlane({ address });
    await using proxy = await startProxy({ address, refuse: "squid-denied" });
    using session = openSession(targetOf(plane, { proxy: parseProxy(proxy.url), noProxy: "10.0.0.0/8,::1" }));
    expect(await session.look()).toBeUndefined();
    expect(proxy.connections).toEqual([]);
  });

  test("is named with its brackets where it cannot be reached", async () => {
    await using plane = await startControlPlane();
    const proxy = await startProxy({ address });
    await proxy.stop();
    using session = openSession(targetOf(plane, { proxy: parseProxy(proxy.url) }));
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code: "proxy-failed" });
    expect(described(error).what).toContain(`the proxy ${proxy.url} `);
    expect(error.finding.why).toContain("ECONNREFUSED ::1");
  });
});

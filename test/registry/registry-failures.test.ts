import { describe, expect, test } from "vitest";
import { describe as describeFinding, finding } from "../../src/findings/finding.ts";
import { anyone, readerOf } from "../../src/findings/reader.ts";
import { parseProxy } from "../../src/network/route.ts";
import { systemClock } from "../../src/system/clock.ts";
import { deadlines } from "../../src/system/deadlines.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { anyChart } from "../../testing/findings/any-arguments.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import { imageContent } from "../../testing/registry/image-content.ts";
import { startRegistry } from "../../testing/registry/registry.ts";
import { type RegistryFaultName, registryFaults } from "../../testing/registry/registry-faults.ts";
import { always, failureOf, openClient, referenceTo } from "./clients.ts";

const answers: Record<RegistryFaultName, [code: string, why: string]> = {
  denied: ["registry-forbidden", "HTTP 403, DENIED: requested access to the resource is denied"],
  unauthorized: ["registry-login-required", "HTTP 401, UNAUTHORIZED: access to the resource is denied"],
  "rate-limited": [
    "registry-rate-limited",
    "HTTP 429, TOOMANYREQUESTS: You have reached your pull rate limit. You may",
  ],
  "page-403": ["registry-page-answered", 'HTTP 403, server Zscaler/6.2: "Internet Security by Zscaler"'],
  "page-200": ["registry-page-answered", 'HTTP 200: "Sign in to continue"'],
  "bad-gateway": ["registry-unavailable", 'HTTP 502, server nginx: "502 Bad Gateway"'],
  "not-a-registry": ["registry-not-spoken", 'HTTP 404: "404 page not found"'],
  unsupported: ["registry-rejected", "HTTP 405, UNSUPPORTED: The operation is unsupported."],
};

describe("what is seen", () => {
  const found = finding("error", "registry-timeout", { endpoint: "https://ghcr.io" });

  test.each([
    [anyone, "seen from here"],
    [{ ...anyone, chart: anyChart }, "seen from this pod"],
  ])("is said to be seen where the program runs: kubelet and buildkit may see something else", (audience, words) => {
    expect(describeFinding(found, readerOf(audience), "").what).toContain(words);
  });
});

describe("an answer", () => {
  test.each(Object.keys(registryFaults) as RegistryFaultName[])("%s has its code", async (fault) => {
    await using registry = await startRegistry();
    registry.fail(fault);
    using client = openClient([registry]);
    const reference = referenceTo(registry, "acme/base:1");
    const [code, why] = answers[fault];
    for (const ask of [client.readManifest, client.listTags]) {
      expect(await failureOf(ask(reference, always))).toMatchObject({ code, why: expect.stringContaining(why) });
    }
    // An answer to HEAD has no body with a code of the registry.
    const head = ["unsupported", "unauthorized"].includes(fault) ? "registry-not-spoken" : code;
    expect(await failureOf(client.headManifest(reference, always))).toMatchObject({ code: head });
  });

  test("that limits the rate says when to come back", async () => {
    await using registry = await startRegistry();
    registry.fail("rate-limited");
    using client = openClient([registry]);
    const failure = await failureOf(client.readManifest(referenceTo(registry, "acme/base:1"), always));
    expect(failure.retryAfter).toBe(7_000);
  });
});

describe("the network", () => {
  const read = async (host: string, urls: { url: string }[] = [], route = {}) => {
    using client = openClient(urls, { route });
    return await failureOf(client.readManifest(referenceTo({ host }, "acme/base:1"), always));
  };

  test("has no such name", async () => {
    expect(await read("registry.invalid")).toMatchObject({ code: "registry-name-unknown" });
  });

  test("refuses", async () => {
    const registry = await startRegistry();
    await registry.stop();
    expect(await read(registry.host, [registry])).toMatchObject({ code: "registry-refused" });
  });

  test("has another CA, or another name in the certificate, or no TLS", async () => {
    const ca = await createAuthority("Acme Root CA");
    await using registry = await startRegistry({ tls: await ca.issue() });
    expect(await read(registry.host)).toMatchObject({ code: "tls-untrusted" });
    await using renamed = await startRegistry({ tls: await ca.issue({ dnsNames: ["other.test"], ipAddresses: [] }) });
    const route = { certificateAuthorities: ca.certificatePem };
    const wrong = await read(renamed.host, [], route);
    expect(wrong).toMatchObject({ code: "tls-wrong-host", fix: expect.stringContaining("name the registry by") });
    await using plain = await startRegistry();
    expect(await read(plain.host)).toMatchObject({
      code: "tls-not-spoken",
      fix: expect.stringContaining(`Add ${plain.host} to registry.insecureHosts`),
    });
  });

  test("has a proxy, by which the registry is reached, or which refuses", async () => {
    await using registry = await startRegistry();
    registry.push("acme/base", "1", imageContent());
    await using proxy = await startProxy();
    using client = openClient([registry], { route: { proxy: parseProxy(proxy.url) } });
    const reference = referenceTo(registry, "acme/base:1");
    await client.readManifest(reference, always);
    await client.listTags(reference, always);
    expect(proxy.connections).toEqual([registry.host]);
    await using refusing = await startProxy({ refuse: "squid-denied" });
    const failure = await read(registry.host, [registry], { proxy: parseProxy(refusing.url) });
    expect(failure).toMatchObject({ code: "proxy-refused" });
  });

  test("is silent", async () => {
    await using registry = await startRegistry();
    registry.fail("silent");
    const soon = deadlines.registryRequest.milliseconds;
    const clock = { ...systemClock, timeout: (time: number) => systemClock.timeout(time === soon ? 50 : time) };
    using client = openClient([registry], { clock });
    const failure = await failureOf(client.readManifest(referenceTo(registry, "acme/base:1"), always));
    expect(failure).toMatchObject({ code: "registry-timeout", why: "no answer in time" });
  });

  test("is left at the caller's signal, with its reason", async () => {
    await using registry = await startRegistry();
    registry.fail("silent");
    using client = openClient([registry]);
    const stop = new AbortController();
    const reading = client.readManifest(referenceTo(registry, "acme/base:1"), stop.signal);
    stop.abort(new RangeError("enough"));
    await expect(reading).rejects.toThrow("enough");
  });
});

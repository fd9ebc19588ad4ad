import { beforeEach, describe, expect, it } from "vitest";
import type { HealthyWorld, WorldOptions } from "../../testing/healthy-world/healthy-world.ts";
import { hasIpv6Loopback } from "../../testing/ipv6/ipv6-loopback.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import { openWorld } from "../faults/fault.ts";

beforeEach(({ skip }) => skip(!hasIpv6Loopback(), "this machine has no ::1"));

const onIpv6: WorldOptions = {
  plane: { address: "::1", oauth: { clientId: "registrar", clientSecret: "the-secret" } },
};

async function findingsOf(world: HealthyWorld): Promise<string[]> {
  const { checks } = await world.check();
  return checks.flatMap(({ finding }) => (finding ? `${finding.code}: ${finding.what}: ${finding.why}` : []));
}

describe("registrar check with an IPv6 address", () => {
  it("passes where the endpoint and the token endpoint are on one", async () => {
    await using world = await openWorld({ ...onIpv6, certificate: { dnsNames: [], ipAddresses: ["::1"] } });
    expect(world.plane.url).toMatch(/^https:\/\/\[::1\]:\d+$/);
    expect(await findingsOf(world)).toEqual([]);
  });

  it("passes where the proxy is on one too", async () => {
    await using world = await openWorld({ ...onIpv6, certificate: { dnsNames: [], ipAddresses: ["::1"] } });
    await using proxy = await startProxy({ address: "::1" });
    Object.assign(world.settings.controlPlane, { proxy: proxy.url });
    expect(await findingsOf(world)).toEqual([]);
    const urls = [world.plane.url, world.plane.tokenUrl ?? "", world.registry.url];
    const hosts = urls.map((url) => new URL(url).host);
    expect(new Set(proxy.connections)).toEqual(new Set(hosts));
  });

  it("connects to buildkit on one", async () => {
    await using world = await openWorld({ buildkit: { listen: { host: "::1" } } });
    const { authority: address } = world.buildkit.address;
    const results = async () => (await world.check(["--category", "buildkit"])).checks;
    expect((await results()).map(({ name, status }) => `${name} ${status}`)).toContain("connection passed");
    await world.buildkit.stop();
    const [, connection] = (await results()).filter(({ category }) => category === "buildkit");
    expect(connection).toMatchObject({ status: "failed", finding: { code: "buildkit-refused" } });
    expect(connection?.finding?.what).toContain(address);
  });

  it("names it as it is to be typed where its certificate is for another host", async () => {
    await using world = await openWorld({ ...onIpv6, certificate: { dnsNames: ["localhost"], ipAddresses: [] } });
    const { checks } = await world.check();
    const { host } = new URL(world.plane.url);
    expect(checks.flatMap(({ finding }) => finding ?? [])).toMatchObject([
      { code: "tls-wrong-host", next: `openssl s_client -connect '${host}' -showcerts </dev/null` },
    ]);
  });
});

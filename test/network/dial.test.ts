import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { connect, dial } from "../../src/network/dial.ts";
import { parseProxy } from "../../src/network/route.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { hasIpv6Loopback } from "../../testing/ipv6/ipv6-loopback.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import { targetOf } from "../control-plane/sessions.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a TLS handshake", () => {
  // RFC 6066, 3: no address is a server name, and servers reject one.
  it.for([
    ["localhost", "localhost"],
    ["127.0.0.1", false],
    ["[::1]", false],
  ] as const)("with %s sends the server name %s", async ([host, name], { skip }) => {
    skip(host === "[::1]" && !hasIpv6Loopback(), "this machine has no ::1");
    const authority = await createAuthority("test CA");
    const { certificatePem, keyPem } = await authority.issue({ ipAddresses: ["127.0.0.1", "::1"] });
    const server = tls.createServer({ cert: certificatePem, key: keyPem });
    const names: unknown[] = [];
    server.on("secureConnection", (socket) => names.push(socket.servername));
    await once(server.listen(0, host === "[::1]" ? "::1" : "127.0.0.1"), "listening");
    const url = `https://${host}:${(server.address() as AddressInfo).port}`;
    const { endpoint, ...route } = targetOf({ url }, { certificateAuthorities: authority.certificatePem });
    const { signal } = new AbortController();
    const { socket } = await dial(endpoint, route, ["http/1.1"], { clock: systemClock, signal });
    await expect.poll(() => names).toEqual([name]);
    socket.destroy();
    server.close();
  });
});

describe("a connection", () => {
  // Else each small request waits for the acknowledgement of the one before it.
  it.each(["straight", "through a proxy"])("sends what it is given at once: %s", async (way) => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy();
    const { endpoint, ...route } = targetOf(plane, way === "straight" ? {} : { proxy: parseProxy(proxy.url) });
    const withoutDelay: { socket: net.Socket; delay: boolean | undefined }[] = [];
    vi.spyOn(net.Socket.prototype, "setNoDelay").mockImplementation(function (this: net.Socket, delay) {
      withoutDelay.push({ socket: this, delay });
      return this;
    });
    const socket = await connect(endpoint, route, new AbortController().signal);
    socket.destroy();
    expect(withoutDelay).toContainEqual({ socket: expect.toSatisfy((one) => one === socket), delay: true });
    expect(proxy.connections).toHaveLength(way === "straight" ? 0 : 1);
  });
});

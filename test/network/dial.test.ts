import net from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { connect } from "../../src/network/dial.ts";
import { parseProxy } from "../../src/network/route.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import { targetOf } from "../control-plane/sessions.ts";

afterEach(() => {
  vi.restoreAllMocks();
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

import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { describe, expect, test } from "vitest";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { type ForwardProxy, startProxy } from "../../testing/proxy/connect-proxy.ts";

/** Asks the proxy for a tunnel and returns its answer with the socket. */
async function tunnel(
  { url }: ForwardProxy,
  target: string,
  credentials?: string,
): Promise<{ status: number | undefined; socket: Duplex }> {
  const authorization = credentials && `Basic ${btoa(credentials)}`;
  const headers = authorization ? { "proxy-authorization": authorization } : {};
  const asking = request(url, { method: "CONNECT", path: target, headers }).end();
  const [answer, socket] = (await once(asking, "connect")) as [IncomingMessage, Duplex];
  return { status: answer.statusCode, socket };
}

describe("a proxy", () => {
  test("tunnels TLS to the control plane and remembers where to", async () => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue(), httpVersions: "http/1.1" });
    await using proxy = await startProxy();
    const { host } = new URL(plane.url);
    const { status, socket } = await tunnel(proxy, host);
    expect(status).toBe(200);
    const secured = connect({ socket, servername: "localhost", ca: authority.certificatePem });
    secured.end("PUT /uploads/unsigned HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    expect(await text(secured)).toContain("HTTP/1.1 403");
    expect(proxy.connections).toEqual([host]);
    expect(plane.calls).toHaveLength(1);
  });

  test("asks for credentials when it has some", async () => {
    await using plane = await startControlPlane();
    await using proxy = await startProxy({ username: "user", password: "pass:word" });
    const { host } = new URL(plane.url);
    expect((await tunnel(proxy, host)).status).toBe(407);
    expect((await tunnel(proxy, host, "user:wrong")).status).toBe(407);
    expect((await tunnel(proxy, host, "user:pass:word")).status).toBe(200);
    expect(proxy.connections).toEqual([host, host, host]);
  });

  test("refuses with the status told", async () => {
    await using proxy = await startProxy({ refuse: 403 });
    expect((await tunnel(proxy, "localhost:1")).status).toBe(403);
  });

  test("answers 502 for a server that refuses connections", async () => {
    const plane = await startControlPlane();
    await plane.stop();
    await using proxy = await startProxy();
    expect((await tunnel(proxy, new URL(plane.url).host)).status).toBe(502);
  });

  test("forwards nothing without a tunnel", async () => {
    await using proxy = await startProxy();
    expect((await fetch(proxy.url)).status).toBe(405);
  });
});

import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { describe, expect, test } from "vitest";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { type ForwardProxy, startProxy } from "../../testing/proxy/connect-proxy.ts";
import { type ProxyAnswerName, proxyAnswers } from "../../testing/proxy/proxy-answers.ts";

/** Asks the proxy for a tunnel and returns its answer with the socket. */
async function tunnel(
  { url }: ForwardProxy,
  target: string,
  credentials?: string,
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; socket: Duplex }> {
  const authorization = credentials && `Basic ${btoa(credentials)}`;
  const headers = { host: target, ...(authorization && { "proxy-authorization": authorization }) };
  const asking = request(url, { method: "CONNECT", path: target, headers }).end();
  const [answer, socket] = (await once(asking, "connect")) as [IncomingMessage, Duplex];
  return { status: answer.statusCode, headers: answer.headers, socket };
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

  test.each(Object.entries(proxyAnswers))("answers as %s", async (refuse, { status, headers, body, sendsLength }) => {
    await using proxy = await startProxy({ refuse: refuse as ProxyAnswerName });
    const { status: answered, headers: sent } = await tunnel(proxy, "localhost:1");
    expect(answered).toBe(status);
    expect(sent).toMatchObject(headers);
    expect(sent["content-length"]).toBe(sendsLength ? String(body.length) : undefined);
  });

  test("keeps the connection after a refusal, and closes it after a failure, as Squid does", async () => {
    for (const [refuse, closes] of [
      ["squid-login", false],
      ["squid-denied", false],
      ["squid-refused", true],
    ] as const) {
      await using proxy = await startProxy({ refuse });
      const socket = connectTcp(Number(new URL(proxy.url).port), "127.0.0.1");
      const ask = "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n";
      socket.write(ask);
      await once(socket, "data");
      if (closes) await once(socket.resume(), "end");
      else expect(socket.readableEnded).toBe(false);
      socket.destroy();
    }
  });

  test.each([
    ["without a port", "CONNECT localhost HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["with the Host of something else", "CONNECT localhost:1 HTTP/1.1\r\nHost: elsewhere:1\r\n\r\n"],
    ["without a Host", "CONNECT localhost:1 HTTP/1.1\r\n\r\n"],
    ["in HTTP/1.0", "CONNECT localhost:1 HTTP/1.0\r\nHost: localhost:1\r\n\r\n"],
    ["that is none", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"],
  ])("refuses a CONNECT %s", async (_, request) => {
    await using proxy = await startProxy();
    const socket = connectTcp(Number(new URL(proxy.url).port), "127.0.0.1");
    socket.end(request);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("answers 503 for a server that refuses connections", async () => {
    const plane = await startControlPlane();
    await plane.stop();
    await using proxy = await startProxy();
    expect((await tunnel(proxy, new URL(plane.url).host)).status).toBe(503);
  });

  test("forwards nothing without a tunnel", async () => {
    await using proxy = await startProxy();
    expect((await fetch(proxy.url)).status).toBe(400);
  });
});

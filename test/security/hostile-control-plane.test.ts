import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { createFetch } from "../../src/network/fetch.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { failureOf, openSession, shown, targetOf } from "../control-plane/sessions.ts";

const proto = { "content-type": "application/proto" };
const oauth = { clientId: "registrar", clientSecret: "the-secret" };
const credentials = { type: "clientSecret" as const, ...oauth };

/** Answers each request in one way; counts what could be sent. */
async function answering(handler: http.RequestListener) {
  let sent = 0;
  const server = http.createServer((request, response) => {
    request.resume();
    handler(request, response);
  });
  server.on("connection", (socket) => {
    socket
      .on("error", () => {})
      .on("close", () => {
        sent += socket.bytesWritten;
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Bytes that were sent over connections that have ended. */
    sent: () => sent,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const endless =
  (status: number, headers: http.OutgoingHttpHeaders): http.RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers);
    const block = Buffer.alloc(65_536, "<title ");
    const go = () => {
      while (!response.destroyed && response.write(block));
    };
    response.on("drain", go);
    go();
  };
const whole =
  (status: number, headers: http.OutgoingHttpHeaders, body: string | Uint8Array): http.RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

/** Types of frames (RFC 9113, 6). */
const [headers, settings, pushPromise] = [1, 4, 5];

/** A frame of HTTP/2, for what Node's server refuses to send. */
function frameOf(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.set([type, flags], 3);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const zeros = Buffer.alloc(64 * 2 ** 20);
const quick = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } };
const encoded = (encoding: string) => ({ ...proto, "content-encoding": encoding });
const error = (message: string, more = "") => `{"code":"internal","message":${JSON.stringify(message)}${more}}`;
const json = { "content-type": "application/json" };
const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

describe("a control plane", () => {
  it.each([
    ["answers without end", endless(200, proto), "control-plane-not-spoken"],
    ["sends a page without end", endless(503, { "content-type": "text/html" }), "control-plane-unavailable"],
    ["sends 64 MB in a message of gzip", whole(200, encoded("gzip"), zlib.gzipSync(zeros)), "control-plane-not-spoken"],
    ["does so by Brotli", whole(200, encoded("br"), zlib.brotliCompressSync(zeros, quick)), "control-plane-not-spoken"],
    [
      "sends a page of 64 MB in gzip",
      whole(403, { "content-encoding": "gzip" }, zlib.gzipSync(zeros)),
      "gateway-answered",
    ],
    ["nests its JSON deeply", whole(500, json, error("x", `,"details":[${nested}]`)), "control-plane-failed"],
    ["nests its JSON without end", whole(500, json, "[".repeat(900_000)), "gateway-answered"],
    [
      "nests its messages deeply",
      whole(200, proto, Buffer.alloc(200_000, "\xa3\x06", "latin1")),
      "control-plane-failed",
    ],
    ["has keys of every object", whole(500, json, error("x", ',"__proto__":{"polluted":1}')), "control-plane-failed"],
    ["asks to wait for years", whole(503, { "retry-after": "99999999999" }, ""), "control-plane-unavailable"],
  ] as const)("that %s costs little, and is reported", async (_name, handler, code) => {
    await using server = await answering(handler);
    using opened = openSession(targetOf(server), { giveUpAfterMilliseconds: 300 });
    const failure = await failureOf(opened.look());
    opened.session.close();
    expect(failure.code).toBe(code);
    expect(server.sent()).toBeLessThan(32 * 2 ** 20);
    expect({}).not.toHaveProperty("polluted");
  });

  it("that answers a byte at a time is given up in time", async () => {
    await using server = await answering((_request, response) => {
      response.writeHead(200, proto);
      const timer = setInterval(() => response.write("x"), 10);
      response.on("close", () => clearInterval(timer));
    });
    using opened = openSession(targetOf(server), { giveUpAfterMilliseconds: 300 });
    expect(await failureOf(opened.look())).toMatchObject({ code: "control-plane-timeout" });
  });

  it.each(["http://192.0.2.1/token", "ftp://192.0.2.1/token", "javascript:alert(1)", "192.0.2.1", ""])(
    "gets no client secret sent to %j",
    async (publishedTokenEndpoint) => {
      const authority = await createAuthority("test CA");
      await using plane = await startControlPlane({
        tls: await authority.issue(),
        oauth: { ...oauth, publishedTokenEndpoint: publishedTokenEndpoint || " " },
      });
      using opened = openSession(targetOf(plane, { credentials, certificateAuthorities: authority.certificatePem }));
      const failure = await failureOf(opened.look());
      expect(failure.code).toBe("token-endpoint-insecure");
      expect(shown(failure)).not.toContain(oauth.clientSecret);
    },
  );

  it("may name a token endpoint in plain HTTP on this machine, as one in its cluster", async () => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue(), oauth: { ...oauth, tls: "none" } });
    expect(plane.tokenUrl).toMatch(/^http:/);
    using opened = openSession(targetOf(plane, { credentials, certificateAuthorities: authority.certificatePem }));
    expect(await opened.look()).toBeUndefined();
  });

  it("that speaks HTTP/2 may push nothing", async () => {
    const authority = await createAuthority("test CA");
    const { keyPem: key, certificatePem: cert } = await authority.issue();
    const server = http2.createSecureServer({ key, cert });
    const mayPush: boolean[] = [];
    server.on("stream", (stream: http2.ServerHttp2Stream) => {
      mayPush.push(stream.pushAllowed);
      stream.respond({ ":status": 404 }, { endStream: true });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    using opened = openSession(targetOf({ url }, { certificateAuthorities: authority.certificatePem }));
    await failureOf(opened.look());
    expect(mayPush[0]).toBe(false);
    opened.session.close();
    server.close();
  });

  it.each([
    ["before it knows that it may not", false],
    ["although it knows that it may not", true],
  ])("that pushes all the same, %s, is reported", async (_name, acknowledges) => {
    const authority = await createAuthority("test CA");
    const { keyPem: key, certificatePem: cert } = await authority.issue();
    const server = tls.createServer({ key, cert, ALPNProtocols: ["h2"] }, (socket) => {
      socket.on("error", () => {}).write(frameOf(settings, 0, 0));
      socket.on("data", (bytes: Buffer) => {
        // HEADERS with all of them, with a priority or without.
        if (![0x04, 0x24].some((flags) => bytes.includes(Buffer.of(headers, flags, 0, 0, 0, 1)))) return;
        if (acknowledges) socket.write(frameOf(settings, 1, 0));
        const promised = Buffer.concat([Buffer.of(0, 0, 0, 2), Buffer.of(0x82, 0x87, 0x84, 0x01, 1, 0x78)]);
        const [ok, notFound] = [Buffer.of(0x88), Buffer.of(0x8d)];
        socket.write(Buffer.concat([frameOf(pushPromise, 4, 1, promised), frameOf(headers, 4, 2, ok)]));
        socket.write(frameOf(headers, 5, 1, notFound));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const target = targetOf({ url }, { certificateAuthorities: authority.certificatePem });
    using opened = openSession(target, { giveUpAfterMilliseconds: 300 });
    expect((await failureOf(opened.look())).code).toMatch(/^control-plane-(?:not-spoken|reset)$/);
    // The error of a stream that nothing listens to would end the program.
    opened.session.close();
    await new Promise((resolve) => setImmediate(resolve));
    server.close();
  });

  it("that names a header of HTTP/2 for tokens over HTTP/2 gets them in the usual one", async () => {
    const authority = await createAuthority("test CA");
    const issued = await authority.issue();
    await using plane = await startControlPlane({
      tls: issued,
      oauth: { ...oauth, authorizationHeader: "HTTP2-Settings", tls: issued },
    });
    const target = targetOf(plane, { credentials, certificateAuthorities: authority.certificatePem });
    using opened = openSession(target, { giveUpAfterMilliseconds: 300 });
    expect((await failureOf(opened.look())).code).toBe("credentials-refused");
  });

  it.each(["content-length", "Transfer-Encoding", "host", "http2-settings", "a b", "a\r\nx-injected: 1", ":path"])(
    "that names %j as the header of tokens gets them in the usual one",
    async (authorizationHeader) => {
      await using plane = await startControlPlane({ oauth: { ...oauth, authorizationHeader } });
      using opened = openSession(targetOf(plane, { credentials }));
      // The stand-in looks for it where it has asked for it.
      const failure = await failureOf(opened.look());
      expect(failure.code).toBe("credentials-refused");
    },
  );
});

describe("a token endpoint", () => {
  it("that answers without end is read for a megabyte", async () => {
    await using server = await answering(endless(200, json));
    const route = { skipVerify: false, certificateAuthorities: undefined, proxy: undefined, noProxy: "" };
    const fetch = createFetch(route, { clock: systemClock });
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(`${server.url}/token`, { method: "POST", headers: {}, body: "", signal });
    expect(answer.text.length).toBeLessThan(2 ** 21);
    expect(server.sent()).toBeLessThan(32 * 2 ** 20);
  });
});

import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
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

  it.each(["content-length", "Transfer-Encoding", "host", "a b", "a\r\nx-injected: 1", ":path"])(
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

import { once } from "node:events";
import http2 from "node:http2";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, test } from "vitest";
import type { Code } from "../../src/findings/catalog/catalog.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { described } from "../../testing/findings/described.ts";
import { failureOf, openSession, targetOf } from "./sessions.ts";

/** What a lookup by plain HTTP fails with, and how many pauses there were. */
async function lookupAt(server: Server | http2.Http2Server) {
  server.on("connection", (socket) => socket.on("error", () => {}));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  using session = openSession(targetOf({ url }));
  try {
    return { error: await failureOf(session.look()), pauses: session.clock.pauses.length };
  } finally {
    server.close();
  }
}

const settings = Buffer.from("00000604000000000000050000400", "hex");

/** A server of HTTP/2 without TLS that answers its preface by SETTINGS, and anything else in its own way. */
const http2Only = (answerOther: (socket: import("node:net").Socket) => void) =>
  createServer((socket) =>
    socket.once("data", (bytes: Buffer) => {
      if (bytes.toString("latin1").startsWith("PRI * HTTP/2.0")) socket.write(settings);
      else answerOther(socket);
    }),
  );

describe("a port that speaks HTTP/2 without TLS, and nothing else", () => {
  const goAway = Buffer.from("000000040000000000000008070000000000000000000001", "hex");

  test.each<[how: string, server: () => Server | http2.Http2Server]>([
    ["Node's server", () => http2.createServer()],
    // Measured: grpc-go 1.82.1.
    ["by a reset", () => http2Only((socket) => socket.resetAndDestroy())],
    ["by closing the connection", () => http2Only((socket) => socket.end())],
    ["by SETTINGS and GOAWAY", () => http2Only((socket) => socket.end(goAway))],
  ])("is named where it answers HTTP/1.1 %s", async (_, server) => {
    const { error, pauses } = await lookupAt(server());
    expect(error).toMatchObject({ code: "control-plane-grpc-only", transient: false });
    expect(error.finding.why).toContain("it speaks HTTP/2 without TLS");
    expect(described(error).fix).toMatch(/^Set controlPlane.endpoint to the control plane's Connect port .*port 83/);
    expect(pauses).toBe(0);
  });
});

describe("a port that speaks TLS", () => {
  test.each(["h2", "http/1.1"])("with %s is named where it closes the connection at plain HTTP", async (protocol) => {
    const { certificatePem, keyPem } = await (await createAuthority("unknown CA")).issue();
    const server = createTlsServer({ cert: certificatePem, key: keyPem, ALPNProtocols: [protocol] });
    const { error, pauses } = await lookupAt(server.on("tlsClientError", () => {}));
    expect(error).toMatchObject({ code: "tls-expected", transient: false });
    expect(pauses).toBe(0);
  });
});

test("the words of a port that speaks TLS, and says so, are shown", async () => {
  const { certificatePem, keyPem } = await (await createAuthority("unknown CA")).issue();
  const answer = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
  const tls = createTlsServer({ cert: certificatePem, key: keyPem }).on("tlsClientError", () => {});
  // As Go's server: it looks at the first bytes.
  const server = createServer((socket) =>
    socket.once("data", (bytes: Buffer) => {
      if (bytes.toString("latin1").startsWith("POST")) return socket.end(answer);
      socket.unshift(bytes);
      return tls.emit("connection", socket);
    }),
  );
  const { error } = await lookupAt(server);
  expect(error).toMatchObject({
    code: "tls-expected",
    finding: { why: 'HTTP 400: "Client sent an HTTP request to an HTTPS server."' },
  });
});

describe("any other port", () => {
  const never = () => {};

  test.each<[what: string, code: Code, server: () => Server]>([
    ["resets connections", "control-plane-reset", () => createServer((socket) => socket.resetAndDestroy())],
    [
      "closes connections at a request",
      "control-plane-reset",
      () => createServer((socket) => socket.once("data", () => socket.end())),
    ],
    [
      "greets by something else",
      "control-plane-not-spoken",
      () => createServer((socket) => socket.end("220 mail.example.com ESMTP\r\n")),
    ],
    [
      "answers 400 to anything",
      "gateway-answered",
      () => createServer((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))),
    ],
    [
      "answers nothing to a handshake",
      "control-plane-reset",
      () =>
        createServer((socket) =>
          socket.once("data", (bytes: Buffer) =>
            bytes.toString("latin1").startsWith("POST") ? socket.end() : never(),
          ),
        ),
    ],
  ])("that %s is %s", async (_, code, server) => {
    expect((await lookupAt(server())).error.code).toBe(code);
  });
});

import { once } from "node:events";
import http2 from "node:http2";
import net, { type AddressInfo, type Server } from "node:net";
import tls, { type TlsOptions } from "node:tls";
import { createClient } from "@connectrpc/connect";
import { beforeAll, describe, expect, test } from "vitest";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import type { RegistrarError } from "../../src/findings/registrar-error.ts";
import { type Authority, createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { failureOf, openSession, targetOf } from "./sessions.ts";

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority("test CA");
});

/** What a lookup against a server fails with. An error that nobody listens for fails the whole test run. */
async function failureAgainst(server: Server, scheme = "https"): Promise<RegistrarError> {
  server.on("secureConnection", (socket: tls.TLSSocket) => socket.on("error", () => {}));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `${scheme}://localhost:${(server.address() as AddressInfo).port}`;
  using session = openSession(targetOf({ url }, { certificateAuthorities: authority.certificatePem }));
  try {
    return await failureOf(session.look());
  } finally {
    server.close();
  }
}

async function tlsServer(options: TlsOptions, answer: (socket: tls.TLSSocket) => void = () => {}): Promise<Server> {
  const { certificatePem, keyPem } = await authority.issue();
  return tls.createServer({ cert: certificatePem, key: keyPem, ...options }, answer);
}

describe("a server that requires a client certificate", () => {
  test.each([
    ["h2", "TLSv1.3", "certificate required"],
    ["http/1.1", "TLSv1.3", "certificate required"],
    ["h2", "TLSv1.2", "handshake failure"],
    ["http/1.1", "TLSv1.2", "handshake failure"],
  ] as const)("over %s and %s is told as that", async (protocol, maxVersion, alert) => {
    const mutual = { requestCert: true, rejectUnauthorized: true, maxVersion, ALPNProtocols: [protocol] };
    const error = await failureAgainst(await tlsServer(mutual));
    expect(error).toMatchObject({ code: "tls-client-certificate", transient: false });
    expect(error.finding.why).toContain(`the server sent the TLS alert "${alert}"`);
    expect(described(error).what).toContain("client certificate");
  });
});

describe("a server that ends the handshake", () => {
  const cbc = "AES128-SHA";

  test.each<[string, TlsOptions, string, RegExp]>([
    [
      "without a common version",
      { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" },
      "protocol version",
      /^Enable TLS 1\.2/,
    ],
    ["without a common cipher suite", { maxVersion: "TLSv1.2", ciphers: cbc }, "handshake failure", /^Enable TLS 1\.2/],
    [
      "without a common ALPN protocol",
      { ALPNProtocols: ["mqtt"] },
      "no application protocol",
      /^Enable h2 or http\/1\.1/,
    ],
  ])("%s speaks TLS, and is told so", async (_, options, alert, fix) => {
    const error = await failureAgainst(await tlsServer(options));
    expect(error).toMatchObject({ code: "tls-handshake-failed", transient: false });
    expect(error.finding.why).toContain(`the server sent the TLS alert "${alert}"`);
    expect(described(error).fix).toMatch(fix);
  });

  test.each([10, 40, 42, 46, 47, 48, 49, 50, 70, 71, 80, 112, 120])(
    "by alert %i never makes TLS the thing to switch off",
    async (number) => {
      const alert = Uint8Array.of(21, 3, 3, 0, 2, 2, number);
      const error = await failureAgainst(net.createServer((socket) => socket.end(alert)));
      expect(error).toMatchObject({ code: "tls-handshake-failed", transient: false });
      expect(described(error).fix).not.toContain("insecure");
    },
  );
});

describe("a server that answers", () => {
  const banner = "SSH-2.0-OpenSSH_9.6\r\n";

  test.each(["h2", "http/1.1"])("over TLS with anything but %s is no control plane", async (protocol) => {
    const server = await tlsServer({ ALPNProtocols: [protocol] }, (socket) =>
      socket.once("data", () => socket.end(banner)),
    );
    expect(await failureAgainst(server)).toMatchObject({ code: "control-plane-not-spoken", transient: false });
  });

  test("plain HTTP with anything else is no control plane", async () => {
    const server = net.createServer((socket) => socket.end(banner));
    const error = await failureAgainst(server, "http");
    expect(error).toMatchObject({ code: "control-plane-not-spoken", transient: false });
    expect(error.finding.why).toContain("HPE_INVALID_CONSTANT");
  });

  test("a TLS handshake with anything else speaks no TLS", async () => {
    const server = net.createServer((socket) => socket.end(banner));
    const error = await failureAgainst(server);
    expect(error).toMatchObject({ code: "tls-not-spoken", transient: false });
    expect(error.finding.why).toBe("wrong version number (ERR_SSL_WRONG_VERSION_NUMBER)");
  });

  test("and breaks off in the middle is tried again", async () => {
    const server = await tlsServer({ ALPNProtocols: ["http/1.1"] }, (socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-")),
    );
    expect(await failureAgainst(server)).toMatchObject({ code: "control-plane-reset", transient: true });
  });
});

test("a server that ends the HTTP/2 session in the middle of a request is tried again", async () => {
  const { certificatePem, keyPem } = await authority.issue();
  const server = http2.createSecureServer({ cert: certificatePem, key: keyPem });
  server.on("stream", (stream: http2.ServerHttp2Stream) => {
    stream.on("error", () => {});
    stream.session?.destroy(undefined, http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });
  expect(await failureAgainst(server)).toMatchObject({ transient: true });
});

describe.each(["h2", "http/1.1"] as const)("requests in flight over %s", (httpVersions) => {
  test("end when the session is closed", async () => {
    await using plane = await startControlPlane({ tls: await authority.issue(), httpVersions });
    await plane.setFault({ kind: "hang" });
    using client = openSession(targetOf(plane, { certificateAuthorities: authority.certificatePem }));
    const request = failureOf(
      client.session.callOnce("read tasks", async (transport, options) => {
        await createClient(TaskService, transport).listTasks({ request: { limit: 1 } }, options);
      }),
    );
    await expect.poll(() => plane.calls.length, { timeout: 10_000 }).toBe(1);
    client.session.close();
    expect(await request).toMatchObject({ code: "control-plane-reset" });
  });
});

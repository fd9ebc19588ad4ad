import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../src/checks/engine/check.ts";
import type { Cluster } from "../../src/cluster/cluster.ts";
import { type CertificateRequest, createAuthority } from "../../testing/certificates/certificates.ts";
import { checksOf } from "./in-process.ts";

/** The codes of what is wrong; whatever comes from outside is no fault of the program. */
function codesOf(results: readonly CheckResult[]): string[] {
  const codes = results.flatMap(({ finding }) => finding?.code ?? []);
  expect(codes, JSON.stringify(results.filter(({ finding }) => finding))).not.toContain("internal-error");
  return codes;
}

/** Listens on loopback for as long as the work takes. */
async function serving<T>(server: net.Server, work: (port: number) => Promise<T>): Promise<T> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket: net.Socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

const checkAt = (endpoint: string, more: object = {}) => checksOf({ controlPlane: { endpoint, ...more } });

const contentType = fc.constantFrom(
  "application/proto",
  "application/json",
  "application/connect+proto",
  "application/grpc",
  "text/html",
  "text/plain; charset=utf-8",
  "application/octet-stream",
  "",
);
const answer = fc.record({
  status: fc.oneof(
    fc.constantFrom(200, 400, 401, 403, 404, 429, 500, 501, 502, 503, 504),
    fc.integer({ min: 200, max: 599 }),
  ),
  type: contentType,
  header: fc.constantFrom({}, { "retry-after": "1" }, { "grpc-status": "7" }, { location: "/login" }),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map(Buffer.from),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .constantFrom("unauthenticated", "permission_denied", "not_found", "unavailable", "internal", "made_up")
      .map((code) => Buffer.from(JSON.stringify({ code, message: "said so" }))),
    fc.constant(Buffer.from("<html><title>Sign in</title></html>")),
  ),
  cut: fc.boolean(),
});

describe("whatever a server answers", () => {
  it("in HTTP, there is a finding", async () => {
    await fc.assert(
      fc.asyncProperty(answer, async ({ status, type, header, body, cut }) => {
        const server = http.createServer((request, response) => {
          request.resume();
          const length = cut ? { "content-length": String(body.length + 10) } : {};
          response.writeHead(status, { ...(type && { "content-type": type }), ...header, ...length });
          response.end(status === 204 || status === 304 ? undefined : body, () => cut && request.socket.destroy());
        });
        const codes = codesOf(await serving(server, (port) => checkAt(`http://127.0.0.1:${port}`)));
        expect(codes.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  it.each(["http", "https"])("in bytes of its own to %s, there is a finding", async (scheme) => {
    const start = fc.constantFrom(
      "",
      "HTTP/1.1 200 OK\r\n",
      "HTTP/2 200\r\n",
      "\x16\x03\x01",
      "\x15\x03\x03\x00\x02\x02\x28",
      "220 smtp ready\r\n",
    );
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 60 }), async (first, rest) => {
        const server = net.createServer((socket) => {
          socket.once("data", () => {
            socket.write(first, "latin1");
            socket.end(rest);
          });
        });
        const codes = codesOf(await serving(server, (port) => checkAt(`${scheme}://127.0.0.1:${port}`)));
        expect(codes.length).toBeGreaterThan(0);
      }),
      { numRuns: 80 },
    );
  });
});

describe("whatever stands in a certificate", () => {
  const days = (count: number) => new Date(Date.now() + count * 86_400_000);
  const label = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
  const name = fc.oneof(
    fc.constantFrom(
      "localhost",
      "*.localhost",
      "*",
      "LOCALHOST",
      "localhost.",
      "",
      "127.0.0.1",
      "xn--nxasmq6b.example",
    ),
    fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
  );
  const certificate: fc.Arbitrary<CertificateRequest> = fc.record({
    commonName: fc.oneof(fc.constant("localhost"), label),
    dnsNames: fc.array(name, { maxLength: 3 }),
    ipAddresses: fc.constantFrom([], ["127.0.0.1"], ["10.0.0.1"], ["::1"]),
    notBefore: fc.integer({ min: -20_000, max: 20 }).map(days),
    notAfter: fc.integer({ min: -20, max: 20_000 }).map(days),
    selfSigned: fc.boolean(),
    isAuthority: fc.boolean(),
  });

  it("it is trusted for good reason, or there is one finding that says what is wrong with it", async () => {
    const authority = await createAuthority("Acme Root CA");
    await fc.assert(
      fc.asyncProperty(certificate, fc.boolean(), async (request, isTrusted) => {
        const { certificatePem, keyPem } = await authority.issue(request);
        const server = tls.createServer({ cert: certificatePem, key: keyPem }, (socket) => {
          socket.on("error", () => {}).end();
        });
        const results = await serving(server, (port) =>
          checksOf(
            { controlPlane: { endpoint: `https://localhost:${port}`, ...(isTrusted && { caFile: "ca.crt" }) } },
            { authorities: authority.certificatePem },
          ),
        );
        const codes = codesOf(results);
        const secured = results.find(({ name: check }) => check === "tls");
        if (secured?.status === "passed") {
          expect(isTrusted && !request.selfSigned).toBe(true);
          expect(request.notBefore?.getTime()).toBeLessThanOrEqual(Date.now());
          expect(request.notAfter?.getTime()).toBeGreaterThanOrEqual(Date.now());
        } else {
          expect(codes).toEqual([
            expect.stringMatching(/^tls-(untrusted|self-signed|wrong-host|without-names|not-valid-now)$/),
          ]);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("whatever stands in the ConfigMap", () => {
  const sound: Record<string, string> = {
    "storage.yaml": "type: stow",
    "default-repository": "registry.example.com/union",
    "authentication-type": "noop",
  };
  const cluster = (data: Record<string, string>): Cluster => ({
    namespace: "union",
    inNamespace: () => cluster(data),
    readPodTemplate: async () => ({ serviceAccount: "union" }),
    listNamespaces: async () => [],
    version: async () => "v1.37.2",
    readConfigMap: async () => data,
    hasServiceAccount: async () => true,
    readAnnotations: async () => ({}),
    podsBehind: async () => undefined,
    readDeployment: async () => [],
    patchConfigMap: async () => {},
    createEvent: async () => {},
  });
  /** No address but one of this machine: what parses is connected to. */
  const address = fc.oneof(
    fc.string().filter((text) => URL.parse(text.trim())?.protocol !== "tcp:"),
    fc.string({ unit: "binary" }).filter((text) => URL.parse(text.trim())?.protocol !== "tcp:"),
    fc.constantFrom(
      "tcp://127.0.0.1",
      "tcp://127.0.0.1:0",
      "tcp://127.0.0.1:1",
      "tcp://[::1]:1",
      "tcp://:1234",
      "tcp:///",
      "tcp://",
    ),
    fc.integer().map((port) => `tcp://127.0.0.1:${port}`),
  );

  it("there is no buildkit, or there is a finding", async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(address, { nil: undefined }), async (buildkit) => {
        const data = { ...sound, ...(buildkit !== undefined && { "buildkit-uri": buildkit }) };
        const codes = codesOf(await checksOf({}, { openCluster: async () => cluster(data) }));
        const ours = codes.filter((code) => /^build/.test(code) && code !== "build-config-whitespace");
        const isWithout = buildkit?.trim() === "";
        expect(ours, buildkit).toEqual(isWithout ? [] : [expect.stringMatching(/^build(kit|-config)-/)]);
      }),
    );
  });
});

import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Code } from "../../src/findings/catalog/catalog.ts";
import { type Authority, type CertificateRequest, createAuthority } from "../../testing/certificates/certificates.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { failureOf, openSession, targetOf } from "./sessions.ts";

const dayMs = 86_400_000;
let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority("test CA");
});

const trusting = () => ({ certificateAuthorities: authority.certificatePem });
const secured = async (request: CertificateRequest = {}) => startControlPlane({ tls: await authority.issue(request) });
const httpVersions = ({ calls }: ControlPlane) => calls.map(({ httpVersion }) => httpVersion);

describe("a session", () => {
  test("speaks HTTP/1.1 without TLS, and uses one connection for all its requests", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    using client = openSession(targetOf(plane));
    expect(await client.look()).toBe("2026.3.4");
    expect(httpVersions(plane)).toEqual(["1.1", "1.1"]);
  });

  test.each([
    ["both", "2.0"],
    ["h2", "2.0"],
    ["http/1.1", "1.1"],
  ] as const)("takes of %s under TLS: %s", async (offered, taken) => {
    await using plane = await startControlPlane({ tls: await authority.issue(), httpVersions: offered });
    plane.store({ version: "2026.3.4" });
    using client = openSession(targetOf(plane, trusting()));
    expect(await client.look()).toBe("2026.3.4");
    expect(httpVersions(plane)).toEqual([taken, taken]);
  });

  test("contacts nobody before the first request", async () => {
    await using plane = await startControlPlane();
    openSession(targetOf(plane)).session.close();
    expect(plane.calls).toEqual([]);
  });

  test("connects anew after its connection was cut between two requests", async () => {
    await using plane = await secured();
    using client = openSession(targetOf(plane, trusting()));
    await client.look();
    await plane.setFault({ kind: "refused" });
    await plane.setFault(undefined);
    expect(await client.look()).toBeUndefined();
  });
});

describe("a certificate", () => {
  test("of an intermediate CA below the trusted one is accepted", async () => {
    const below = await authority.issueAuthority("intermediate CA");
    await using plane = await startControlPlane({ tls: await below.issue() });
    using client = openSession(targetOf(plane, trusting()));
    expect(await client.look()).toBeUndefined();
  });

  test("is accepted where only the intermediate CA that issued it is trusted", async () => {
    const below = await authority.issueAuthority("intermediate CA");
    for (const isAlone of [true, false]) {
      await using plane = await startControlPlane({ tls: await below.issue({ isAlone }) });
      using client = openSession(targetOf(plane, { certificateAuthorities: below.certificatePem }));
      expect(await client.look()).toBeUndefined();
    }
  });

  test("is refused where only an intermediate CA next to the one that issued it is trusted", async () => {
    const [below, next] = await Promise.all([authority.issueAuthority("one"), authority.issueAuthority("other")]);
    await using plane = await startControlPlane({ tls: await below.issue() });
    using client = openSession(targetOf(plane, { certificateAuthorities: next.certificatePem }));
    expect(await failureOf(client.look())).toMatchObject({ code: "tls-untrusted", transient: false });
  });

  test("is one of an incomplete chain where the server forgets the intermediate CA", async () => {
    const root = await createAuthority("Acme/Acme Root CA");
    const below = await root.issueAuthority("Acme/Acme Issuing CA 1");
    await using plane = await startControlPlane({ tls: await below.issue({ isAlone: true }) });
    using client = openSession(targetOf(plane, { certificateAuthorities: root.certificatePem }));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "tls-chain-incomplete", transient: false });
    const { what, fix } = described(error);
    expect(what).toContain("O=Acme, CN=Acme Issuing CA 1");
    expect(fix).toMatch(
      /^Have localhost:\d+ send its whole chain .* controlPlane\.caFile to the PEM file of O=Acme, CN=Acme Issuing CA 1\.$/,
    );
  });

  test("of a CA that was made anew under its name says that the key is another one", async () => {
    await using plane = await secured();
    const renewed = await createAuthority("test CA");
    using client = openSession(targetOf(plane, { certificateAuthorities: renewed.certificatePem }));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "tls-untrusted", transient: false });
    expect(error.finding.why).toContain("it was issued by CN=test CA; a CA of that name is trusted here, but its key");
  });

  test("below a CA that has expired names that CA", async () => {
    const validity = { notBefore: new Date(Date.now() - 9 * dayMs), notAfter: new Date(Date.now() - 2 * dayMs) };
    const below = await authority.issueAuthority("old CA", validity);
    await using plane = await startControlPlane({ tls: await below.issue() });
    using client = openSession(targetOf(plane, trusting()));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "tls-not-valid-now" });
    expect(error.finding.why).toContain("the certificate of its CA CN=old CA expired 2 days ago");
  });

  test("for clients only is unusable", async () => {
    await using plane = await secured({ usage: "clientAuth" });
    using client = openSession(targetOf(plane, trusting()));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "tls-certificate-unusable", transient: false });
    expect(error.finding.why).toContain("INVALID_PURPOSE");
  });

  const yesterday = new Date(Date.now() - dayMs / 2);
  const tomorrow = new Date(Date.now() + dayMs / 2);
  const seconds = (date: Date) => date.toISOString().replace(/\.\d+Z$/, ".000Z");
  const faults: [string, Code, CertificateRequest, string][] = [
    [
      ...(["for another host", "tls-wrong-host", { dnsNames: ["elsewhere", "*.else"], ipAddresses: [] }] as const),
      "it is for elsewhere, *.else, and not for localhost",
    ],
    ["with a common name only", "tls-without-names", { dnsNames: [], ipAddresses: [] }, "(CN=localhost)"],
    ["that has expired", "tls-not-valid-now", { notAfter: yesterday }, `to ${seconds(yesterday)}, and here it is 20`],
    ["that is not valid yet", "tls-not-valid-now", { notBefore: tomorrow }, `from ${seconds(tomorrow)} to`],
    [
      "signed by itself",
      "tls-self-signed",
      { selfSigned: true, commonName: "me" },
      "it is self-signed by CN=me and not trusted",
    ],
  ];
  test.each(faults)("%s is refused at once as %s", async (_, code, request, words) => {
    await using plane = await secured(request);
    using client = openSession(targetOf(plane, trusting()));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code, transient: false, exit: 3 });
    expect(described(error).what).toContain(plane.url);
    expect(error.finding.why).toContain(words);
    expect(client.clock.pauses).toEqual([]);
    expect(plane.calls).toEqual([]);
  });

  test("of an unknown CA is refused at once", async () => {
    await using plane = await secured();
    const other = await createAuthority("another CA");
    for (const certificateAuthorities of [undefined, other.certificatePem]) {
      using client = openSession(targetOf(plane, { certificateAuthorities }));
      const error = await failureOf(client.look());
      expect(error).toMatchObject({ code: "tls-untrusted", transient: false });
      expect(error.finding.why).toContain("it was issued by CN=");
    }
    expect(plane.calls).toEqual([]);
  });

  test.each(faults)("%s is accepted where verification is off", async (_, __, request) => {
    await using plane = await secured(request);
    using client = openSession(targetOf(plane, { skipVerify: true }));
    expect(await client.look()).toBeUndefined();
  });
});

describe("the wrong scheme", () => {
  let server: Server;
  beforeAll(async () => {
    // What Go's TLS servers answer to plain HTTP; Node's just closes.
    const answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
    server = createServer((socket) => socket.on("error", () => {}).once("data", () => socket.end(answer)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => void server.close());

  test("plain HTTP on a TLS port is told from a bad request", async () => {
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    using client = openSession(targetOf({ url }));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "tls-expected", transient: false });
    expect(described(error).next).toContain(url.replace("http:", "https:"));
  });

  test("TLS to a plain port is refused at once", async () => {
    await using plane = await startControlPlane();
    using client = openSession(targetOf({ url: plane.url.replace("http:", "https:") }));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "tls-not-spoken", transient: false });
    expect(described(error).fix).toContain("controlPlane.insecure");
    expect(plane.calls).toEqual([]);
  });
});

import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import { type Authority, type CertificateRequest, createAuthority } from "../../testing/certificates/certificates.ts";
import type { ServerCertificate } from "../../testing/control-plane/listener.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";

/** What a client that trusts only this CA makes of the certificate: "ok", or the error's code. */
async function verdict(tls: ServerCertificate, { certificatePem: ca }: Authority): Promise<string> {
  await using plane = await startControlPlane({ tls });
  const socket = connect({ port: Number(new URL(plane.url).port), host: "localhost", servername: "localhost", ca });
  try {
    await once(socket, "secureConnect");
    return "ok";
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  } finally {
    socket.destroy();
  }
}

const dayMs = 86_400_000;
const from = (days: number) => new Date(Date.now() + days * dayMs);

test.each<[string, CertificateRequest, string]>([
  ["a sound one", {}, "ok"],
  ["one for another host", { dnsNames: ["example.com"], ipAddresses: [] }, "ERR_TLS_CERT_ALTNAME_INVALID"],
  [
    "one with a common name only",
    { commonName: "example.com", dnsNames: [], ipAddresses: [] },
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ],
  ["an expired one", { notBefore: from(-3), notAfter: from(-1) }, "CERT_HAS_EXPIRED"],
  ["one of the future", { notBefore: from(1), notAfter: from(3) }, "CERT_NOT_YET_VALID"],
  ["a self-signed one", { selfSigned: true }, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ["one for clients", { usage: "clientAuth" }, "INVALID_PURPOSE"],
])("a client judges %s", async (_, request, expected) => {
  const authority = await createAuthority("test CA");
  expect(await verdict(await authority.issue(request), authority)).toBe(expected);
});

test("a chain over an intermediate CA leads to the root", async () => {
  const root = await createAuthority("root");
  const intermediate = await root.issueAuthority("intermediate");
  expect(await verdict(await intermediate.issue(), root)).toBe("ok");
  expect(await verdict(await intermediate.issue(), await createAuthority("another"))).toBe(
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  );
});

test("a chain without its intermediate CA leads nowhere, and one below an expired CA is refused", async () => {
  const root = await createAuthority("root");
  const intermediate = await root.issueAuthority("intermediate");
  expect(await verdict(await intermediate.issue({ isAlone: true }), root)).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  const expired = await root.issueAuthority("expired", { notBefore: from(-3), notAfter: from(-1) });
  expect(await verdict(await expired.issue(), root)).toBe("CERT_HAS_EXPIRED");
});

test("a certificate may name its organization and where to get that of its issuer", async () => {
  const authority = await createAuthority("Acme/Acme CA");
  const caIssuers = "http://pki.acme.example/ca.crt";
  const certificate = new X509Certificate((await authority.issue({ caIssuers })).certificatePem);
  expect(certificate).toMatchObject({ issuer: "O=Acme\nCN=Acme CA", infoAccess: `CA Issuers - URI:${caIssuers}` });
});

test("a certificate with a common name only holds no alternative names", async () => {
  const authority = await createAuthority("test CA");
  const request = { commonName: "only-name", dnsNames: [], ipAddresses: [] };
  const certificate = new X509Certificate((await authority.issue(request)).certificatePem);
  expect(certificate).toMatchObject({ subject: "CN=only-name", subjectAltName: undefined, ca: false });
});

test("a server certificate may claim to be a CA certificate", async () => {
  const authority = await createAuthority("test CA");
  const { certificatePem } = await authority.issue({ selfSigned: true, isAuthority: true });
  expect(new X509Certificate(certificatePem).ca).toBe(true);
});

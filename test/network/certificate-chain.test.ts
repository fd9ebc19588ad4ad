import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { findInvalidNow, judgeChain } from "../../src/network/certificate-chain.ts";
import { type Authority, type CertificateRequest, createAuthority } from "../../testing/certificates/certificates.ts";

let root: Authority;
let issuing: Authority;
let stranger: Authority;
let homonym: Authority;
beforeAll(async () => {
  root = await createAuthority("Acme/Acme Root CA");
  issuing = await root.issueAuthority("Acme/Acme Issuing CA 1");
  stranger = await createAuthority("Other/Other Root CA");
  homonym = await createAuthority("Acme/Acme Issuing CA 1");
});

const certificatesOf = (pem: string) =>
  pem.split(/(?<=-----END CERTIFICATE-----\n)/).map((one) => new X509Certificate(one));
const judge = async (from: Authority, request: CertificateRequest, trusted: Authority[]) => {
  const served = certificatesOf((await from.issue(request)).certificatePem);
  return judgeChain({ served, trusted: trusted.map(({ certificatePem }) => new X509Certificate(certificatePem)) });
};
const alone = { isAlone: true };
const published = { isAlone: true, caIssuers: "http://pki.acme.example/issuing.crt" };

describe("a server that sends its own certificate alone", () => {
  test("forgets an intermediate CA where a trusted CA is of its organization", async () => {
    expect(await judge(issuing, alone, [stranger, root])).toEqual({
      fault: "incomplete-chain",
      issuer: "O=Acme, CN=Acme Issuing CA 1",
      message:
        "it was issued by O=Acme, CN=Acme Issuing CA 1, whose certificate the server does not send and which is not a trusted CA; a trusted CA of the same organization is O=Acme, CN=Acme Root CA",
    });
  });

  test("forgets an intermediate CA where its certificate says where to get that of the CA", async () => {
    const verdict = await judge(issuing, published, [stranger]);
    expect(verdict).toMatchObject({ fault: "incomplete-chain", issuer: "O=Acme, CN=Acme Issuing CA 1" });
    expect(verdict.message).toContain("it can be had from http://pki.acme.example/issuing.crt");
  });

  test.each<[string, () => Authority, CertificateRequest, () => Authority[]]>([
    ["nothing speaks for an intermediate CA", () => issuing, alone, () => [stranger]],
    ["nothing is trusted", () => issuing, alone, () => []],
  ])("is of an unknown CA where %s", async (_, from, request, trusted) => {
    const verdict = await judge(from(), request, trusted());
    expect(verdict).toMatchObject({ fault: "untrusted" });
    expect(verdict.message).toContain(`it was issued by ${verdict.issuer}, which is not a trusted CA`);
    expect(verdict.message).toContain("if it is an intermediate CA, the server has to send its certificate");
  });

  test.each<[string, CertificateRequest, () => Authority[]]>([
    ["although its certificate is published", published, () => [stranger]],
    ["although a trusted CA is of its organization", alone, () => [issuing]],
  ])("is of an unknown CA where the CA calls itself a root CA, %s", async (_, request, trusted) => {
    expect(await judge(root, request, trusted())).toEqual({
      fault: "untrusted",
      issuer: "O=Acme, CN=Acme Root CA",
      message: "it was issued by O=Acme, CN=Acme Root CA, which is not a trusted CA",
    });
  });

  test("is of an unknown CA where the trusted one of that name has another key", async () => {
    const verdict = await judge(issuing, published, [homonym]);
    expect(verdict).toMatchObject({ fault: "untrusted", issuer: "O=Acme, CN=Acme Issuing CA 1" });
    expect(verdict.message).toContain("a CA of that name is trusted here, but its key is another one");
  });
});

describe("a server that sends more than its own certificate", () => {
  test("is of an unknown CA: the issuer of the last one is named", async () => {
    expect(await judge(issuing, {}, [stranger])).toEqual({
      fault: "untrusted",
      issuer: "O=Acme, CN=Acme Root CA",
      message: "the issuer of the last certificate that the server sends, O=Acme, CN=Acme Root CA, is not a trusted CA",
    });
  });

  test("is of an unknown CA where the trusted one of that name has another key", async () => {
    const renewed = await createAuthority("Acme/Acme Root CA");
    const { fault, message } = await judge(issuing, {}, [renewed]);
    expect(fault).toBe("untrusted");
    expect(message).toMatch(/Acme Root CA, is not a trusted CA; a CA of that name is trusted here, but its key is/);
  });

  test("is of an unknown CA: the root that it sends is named", async () => {
    const served = certificatesOf((await issuing.issue()).certificatePem + root.certificatePem);
    expect(judgeChain({ served, trusted: [] })).toEqual({
      fault: "untrusted",
      issuer: "O=Acme, CN=Acme Root CA",
      message: "the root CA that the server sends, O=Acme, CN=Acme Root CA, is not a trusted CA",
    });
  });
});

describe("the certificate of a chain that is not valid now", () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

  test("is found at the server, at its CA, and at the trusted CA", async () => {
    const served = certificatesOf((await issuing.issue()).certificatePem);
    const trusted = [new X509Certificate(stranger.certificatePem), new X509Certificate(root.certificatePem)];
    expect(findInvalidNow({ served, trusted }, new Date())).toBeUndefined();
    expect(findInvalidNow({ served, trusted }, inDays(2))).toBe(served[0]);
    const expired = await root.issueAuthority("Old CA", { notBefore: inDays(-9), notAfter: inDays(-2) });
    const below = certificatesOf((await expired.issue()).certificatePem);
    expect(findInvalidNow({ served: below, trusted }, new Date())?.subject).toBe("CN=Old CA");
    const alone = certificatesOf((await expired.issue({ isAlone: true })).certificatePem);
    const old = new X509Certificate(expired.certificatePem);
    expect(findInvalidNow({ served: alone, trusted: [...trusted, old] }, new Date())).toBe(old);
  });
});

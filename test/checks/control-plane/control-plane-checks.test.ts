import { beforeAll, describe, expect, it } from "vitest";
import { type Authority, createAuthority } from "../../../testing/certificates/certificates.ts";
import type { GatewayAnswer } from "../../../testing/control-plane/gateway-answers.ts";
import { startControlPlane } from "../../../testing/control-plane/start.ts";
import { checksOf } from "../in-process.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

describe("a certificate that ends", () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await createAuthority("Acme Root CA");
  });

  it.each([
    { when: "in fourteen days and a minute", left: 14 * day + minute, status: "passed", days: 14 },
    { when: "a second before fourteen days are over", left: 14 * day - 1_000, status: "warning", days: 13 },
    { when: "in thirteen days and a minute", left: 13 * day + minute, status: "warning", days: 13 },
  ])("$when: $status", async ({ left, status, days }) => {
    await using plane = await startControlPlane({
      tls: await authority.issue({ notAfter: new Date(Date.now() + left) }),
    });
    const settings = { controlPlane: { endpoint: plane.url, caFile: "ca.crt" } };
    const results = await checksOf(settings, { authorities: authority.certificatePem });
    const expiry = results.find(({ name }) => name === "expiry");
    expect(expiry?.status).toBe(status);
    if (status === "passed") expect(expiry?.detail).toContain(`for ${days} more days`);
    else expect(expiry?.finding).toMatchObject({ code: "tls-expires-soon", args: { days } });
  });
});

describe("an answer of something in front, at a request without a token", () => {
  const client = { clientId: "registrar", clientSecret: "secret" };
  const auth = { type: "clientSecret", clientId: client.clientId, clientSecretVariable: "CLIENT_SECRET" };

  /** The checks of a control plane whose gateway answers each request that it refuses in this way. */
  async function checked(gateway: GatewayAnswer, withCredentials: boolean) {
    const authority = await createAuthority("Acme Root CA");
    await using plane = await startControlPlane({
      tls: await authority.issue({ notAfter: new Date(Date.now() + 99 * day) }),
      oauth: client,
    });
    await plane.setFault({ kind: "gateway", gateway, times: 1 });
    const { certificatePem: authorities } = authority;
    const controlPlane = { endpoint: plane.url, caFile: "ca.crt", ...(withCredentials && { auth }) };
    return await checksOf({ controlPlane }, { authorities, environment: { CLIENT_SECRET: client.clientSecret } });
  }

  // ingress-nginx with auth-url, as in front of Union's control plane, answers so itself.
  it("is no failure where it is a 401 that a token may mend: the identity is checked next", async () => {
    const results = await checked("nginx-auth-url", true);
    const byName = (name: string) => results.find((result) => result.name === name);
    expect(byName("answers")).toMatchObject({ status: "passed", detail: expect.stringContaining("nginx") });
    expect(byName("read")).toMatchObject({ status: "passed" });
  });

  it.each<[GatewayAnswer, boolean]>([
    ["nginx-auth-url", false],
    ["nginx-basic", true],
    ["nginx-forbidden", true],
    ["cloudflare-blocked", true],
  ])("is a failure where it is %s, credentials set: %j", async (gateway, withCredentials) => {
    const results = await checked(gateway, withCredentials);
    const answers = results.find(({ name }) => name === "answers");
    expect(answers).toMatchObject({ status: "failed", finding: { code: "gateway-answered" } });
    expect(results.filter(({ finding }) => finding)).toHaveLength(1);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { type Authority, createAuthority } from "../../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../../testing/control-plane/start.ts";
import { checksOf } from "../in-process.ts";

describe("a certificate that ends", () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await createAuthority("Acme Root CA");
  });

  const minute = 60_000;
  const day = 24 * 60 * minute;
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

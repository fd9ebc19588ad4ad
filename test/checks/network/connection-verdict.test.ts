import { expect, it } from "vitest";
import type { CloudService } from "../../../src/checks/network/cloud-service.ts";
import { type BuildkitAnswer, judgeConnection } from "../../../src/checks/network/connection-verdict.ts";

const dkr: CloudService = { host: "dkr", purpose: "the registry", way: "interface" };
const bucket: CloudService = { host: "bucket", purpose: "layers", way: "gateway" };

/** Buildkit's words as buildkitd 0.34.2 has them for a source of HTTP: section 4 of the measurements. */
it.each<[answer: BuildkitAnswer, service: CloudService, addresses: string[], code: string | undefined]>([
  [{ kind: "answers", detail: "invalid response status 401" }, dkr, ["52.94.1.1"], undefined],
  [{ kind: "name-unknown", detail: "no such host" }, dkr, ["52.94.1.1"], "egress-name-unknown"],
  [{ kind: "name-unknown", detail: "no such host" }, { ...dkr, isOptional: true }, [], undefined],
  [{ kind: "dns-failed", detail: "server misbehaving" }, dkr, ["52.94.1.1"], "egress-dns-failed"],
  [{ kind: "refused", detail: "connection refused" }, dkr, ["52.94.1.1"], "egress-refused"],
  [{ kind: "timed-out", detail: "i/o timeout", address: "10.0.0.1" }, dkr, [], "egress-endpoint-blocked"],
  [{ kind: "timed-out", detail: "i/o timeout", address: "10.0.0.1" }, dkr, ["52.94.1.1"], "egress-endpoint-blocked"],
  [{ kind: "timed-out", detail: "i/o timeout", address: "52.94.1.1" }, dkr, ["10.0.0.1"], "egress-endpoint-missing"],
  [{ kind: "timed-out", detail: "i/o timeout", address: "198.19.0.1" }, dkr, [], "egress-endpoint-blocked"],
  [{ kind: "timed-out", detail: "i/o timeout", address: "52.219.1.1" }, bucket, [], "egress-endpoint-missing"],
  [{ kind: "deadline", detail: "nothing in 8 s" }, dkr, ["10.0.0.1"], "egress-endpoint-blocked"],
  [{ kind: "deadline", detail: "nothing in 8 s" }, dkr, ["64:ff9b::a00:1"], "egress-endpoint-blocked"],
  [{ kind: "deadline", detail: "nothing in 8 s" }, dkr, ["10.0.0.1", "52.94.1.1"], "egress-endpoint-missing"],
  [{ kind: "deadline", detail: "nothing in 8 s" }, bucket, ["52.219.1.1"], "egress-endpoint-missing"],
  // S3 has interface endpoints with private DNS too.
  [{ kind: "deadline", detail: "nothing in 8 s" }, bucket, ["10.0.0.1"], "egress-endpoint-blocked"],
  [
    { kind: "other", detail: "tls: failed to verify certificate: x509: certificate signed by unknown CA" },
    dkr,
    [],
    undefined,
  ],
  [{ kind: "other", detail: "unexpected EOF" }, dkr, [], "egress-unclear"],
])("%j from %j at %j: %s", (answer, service, addresses, code) => {
  const found = judgeConnection(service, answer, { addresses, cidrs: ["198.19.0.0/16"] });
  expect(found?.code).toBe(code);
  if (found) expect(found.why).toBe(`${service.host}: ${answer.detail}`);
});

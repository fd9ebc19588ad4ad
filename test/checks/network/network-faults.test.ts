import { expect, it } from "vitest";
import { privateNetworkCodes } from "../../../src/findings/catalog/private-network-codes.ts";
import { account, api, bucket, type Given, noAnswer, notFound, region, role, sts, textsFrom } from "./network-run.ts";

/** Each of them alone in a network where all else is well. */
const faults: readonly [name: string, given: Given, code: string, fix: RegExp][] = [
  [
    "public names",
    { network: { requirePrivate: true }, addresses: { [api]: ["52.94.1.1"] } },
    "egress-name-public",
    /interface endpoints for com\.amazonaws\.eu-central-1\.ecr\.api with private DNS enabled.*custom DNS server never/,
  ],
  [
    "a wrong region",
    { addresses: { [account]: notFound } },
    "egress-name-unknown",
    /Correct the region in imageBuilder\.defaultRepository/,
  ],
  [
    "Depot, where the network is private",
    { buildkit: "", network: { requirePrivate: true } },
    "depot-needs-internet",
    /imageBuilder\.buildkit\.enabled/,
  ],
  ["DNS without an answer", { addresses: { [account]: noAnswer } }, "egress-dns-failed", /Start the cluster's DNS/],
  [
    "a security group",
    {
      answers: {
        [account]: { kind: "timed-out", detail: "dial tcp 10.0.0.1:443: i/o timeout", address: "10.0.0.1" },
      },
    },
    "egress-endpoint-blocked",
    /inbound TCP 443 in the security group of the VPC endpoints for com\.amazonaws\.eu-central-1\.ecr\.dkr from all CIDR blocks of the VPC, the secondary ones of pods too \(EKS often has them in 100\.64\.0\.0\/10\)/,
  ],
  [
    "a security group, with the blocks",
    {
      network: { cidrs: ["10.0.0.0/16", "100.64.0.0/16"] },
      answers: { [account]: { kind: "deadline", detail: "nothing" } },
    },
    "egress-endpoint-blocked",
    /from 10\.0\.0\.0\/16 and 100\.64\.0\.0\/16,/,
  ],
  [
    "no gateway endpoint",
    { answers: { [bucket]: { kind: "deadline", detail: "nothing" } } },
    "egress-endpoint-missing",
    /gateway endpoint for com\.amazonaws\.eu-central-1\.s3, .*route tables/,
  ],
  [
    "no endpoint of STS",
    {
      annotations: role,
      addresses: { [sts]: ["52.94.1.1"] },
      answers: { [sts]: { kind: "timed-out", detail: "i/o timeout", address: "52.94.1.1" } },
    },
    "egress-endpoint-missing",
    /com\.amazonaws\.eu-central-1\.sts/,
  ],
  [
    "a dual-stack registry",
    {
      repository: `123456789012.dkr-ecr.${region}.on.aws/a`,
      network: { requirePrivate: true },
      addresses: { [`123456789012.dkr-ecr.${region}.on.aws`]: ["52.94.1.1"] },
    },
    "egress-name-dual-stack",
    /repository at 123456789012\.dkr\.ecr\.eu-central-1\.amazonaws\.com, with VPC interface endpoints for com\.amazonaws\.eu-central-1\.ecr\.dkr/,
  ],
  [
    "a zone that is not linked",
    {
      repository: "acme.azurecr.io/a",
      network: { requirePrivate: true },
      addresses: { "acme.azurecr.io": ["20.1.1.1"] },
      aliases: { "acme.azurecr.io": "acme.privatelink.azurecr.io" },
    },
    "egress-zone-unlinked",
    /virtual network link/,
  ],
  [
    "DNS of buildkit alone",
    { answers: { [api]: { kind: "name-unknown", detail: "no such host" } } },
    "egress-name-unknown",
    /Give buildkit's pods the cluster's DNS/,
  ],
  [
    "a filter of DNS",
    { addresses: { [api]: ["0.0.0.0"] } },
    "egress-name-sinkholed",
    /^Allow api\.ecr\.eu-central-1\.amazonaws\.com in the DNS filter/,
  ],
  [
    "private and public addresses",
    { network: { requirePrivate: true }, addresses: { [account]: ["10.0.0.1", "52.94.1.1"] } },
    "egress-name-split",
    /Correct the records of 123456789012/,
  ],
  [
    "IPv6 of a network whose blocks are not known",
    { network: { requirePrivate: true, cidrs: ["10.0.0.0/16"] }, addresses: { [account]: ["2600:1f14::1"] } },
    "egress-name-unproven",
    /Set network\.cidrs to .* the IPv6 block too/,
  ],
  [
    "NAT64 of a public address",
    { network: { requirePrivate: true }, addresses: { [account]: ["64:ff9b::345e:101"] } },
    "egress-name-public",
    /com\.amazonaws\.eu-central-1\.ecr\.dkr/,
  ],
  [
    "public addresses of Google",
    {
      repository: "gcr.io/p/i",
      network: { requirePrivate: true },
      addresses: { "gcr.io": ["142.250.1.82"] },
    },
    "egress-name-public",
    /Enable Private Google Access .* which also works over public addresses/,
  ],
  [
    "no way to Google",
    {
      repository: "gcr.io/p/i",
      addresses: { "gcr.io": ["142.250.1.82"] },
      answers: { "gcr.io": { kind: "deadline", detail: "nothing" } },
    },
    "egress-endpoint-missing",
    /--enable-private-ip-google-access/,
  ],
  [
    "a firewall that rejects",
    { answers: { [account]: { kind: "refused", detail: "connection refused" } } },
    "egress-refused",
    /Allow TCP 443 from buildkit to 123456789012/,
  ],
  [
    "words that say nothing",
    { answers: { [account]: { kind: "other", detail: "unexpected EOF" } } },
    "egress-unclear",
    /Read the log of buildkit/,
  ],
];

it.each(faults)("%s gets the finding that names what to do", async (_name, given, code, fix) => {
  const texts = await textsFrom(given);
  expect(texts?.code).toBe(code);
  expect(texts?.fix).toMatch(fix);
});

it("names no endpoint service whose name is not known", async () => {
  const fips = `123456789012.dkr.ecr-fips.us-east-1.amazonaws.com`;
  const texts = await textsFrom({
    repository: `${fips}/a`,
    network: { requirePrivate: true },
    addresses: {
      [fips]: ["52.94.1.1"],
      "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com": ["52.219.1.1"],
    },
  });
  expect(texts?.fix).toContain(`interface endpoints for ${fips} with private DNS`);
  expect(`${texts?.what}${texts?.fix}`).not.toContain("com.amazonaws.us-east-1");
});

it("each code has a row", () => {
  const found = new Set(faults.map(([, , code]) => code));
  expect([...found].sort()).toEqual(Object.keys(privateNetworkCodes).sort());
});

import { describe, expect, it } from "vitest";
import { cloudNeeds, registryHost } from "../../../src/checks/network/cloud-services.ts";
import { parseEcrHost } from "../../../src/registry/ecr-host.ts";
import type { NetworkSettings } from "../../../src/settings/network-schema.ts";

const account = "123456789012";

interface Given extends Partial<NetworkSettings> {
  hasRole?: boolean;
}

/** Each host with its endpoint service, or the reason why there is none. */
function needsOf(repository: string, { hasRole = false, ...settings }: Given = {}): string[] {
  const network: NetworkSettings = { cloud: "auto", region: undefined, requirePrivate: false, cidrs: [], ...settings };
  const needs = cloudNeeds({ repository, hasRole }, network);
  if ("nothing" in needs) return [needs.nothing];
  return needs.services.map(({ host, endpointService = "-", isOptional }) => {
    return `${host} ${isOptional ? "(optional)" : endpointService}`;
  });
}

/** API, STS and service names by the partition, from the AWS SDK's endpoint rules; a dash where the name is not known. */
const aws: readonly [host: string, api: string, dkr: string, bucket: string, sts: string][] = [
  [
    `${account}.dkr.ecr.eu-central-1.amazonaws.com`,
    "api.ecr.eu-central-1.amazonaws.com com.amazonaws.eu-central-1.ecr.api",
    "com.amazonaws.eu-central-1.ecr.dkr",
    "prod-eu-central-1-starport-layer-bucket.s3.eu-central-1.amazonaws.com com.amazonaws.eu-central-1.s3",
    "sts.eu-central-1.amazonaws.com com.amazonaws.eu-central-1.sts",
  ],
  [
    `${account}.dkr.ecr-fips.us-east-1.amazonaws.com`,
    "api.ecr-fips.us-east-1.amazonaws.com -",
    "-",
    "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com com.amazonaws.us-east-1.s3",
    "sts-fips.us-east-1.amazonaws.com -",
  ],
  [
    `${account}.dkr-ecr.eu-west-1.on.aws`,
    "ecr.eu-west-1.api.aws com.amazonaws.eu-west-1.ecr.api",
    "com.amazonaws.eu-west-1.ecr.dkr",
    "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com com.amazonaws.eu-west-1.s3",
    "sts.eu-west-1.api.aws com.amazonaws.eu-west-1.sts",
  ],
  [
    `${account}.dkr-ecr-fips.us-east-1.on.aws`,
    "ecr-fips.us-east-1.api.aws -",
    "-",
    "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com com.amazonaws.us-east-1.s3",
    "sts-fips.us-east-1.amazonaws.com -",
  ],
  [
    `${account}.dkr.ecr.us-gov-west-1.amazonaws.com`,
    "api.ecr.us-gov-west-1.amazonaws.com com.amazonaws.us-gov-west-1.ecr.api",
    "com.amazonaws.us-gov-west-1.ecr.dkr",
    "prod-us-gov-west-1-starport-layer-bucket.s3.us-gov-west-1.amazonaws.com com.amazonaws.us-gov-west-1.s3",
    "sts.us-gov-west-1.amazonaws.com com.amazonaws.us-gov-west-1.sts",
  ],
  [
    `${account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com`,
    "api.ecr-fips.us-gov-west-1.amazonaws.com -",
    "-",
    "prod-us-gov-west-1-starport-layer-bucket.s3.us-gov-west-1.amazonaws.com com.amazonaws.us-gov-west-1.s3",
    "sts.us-gov-west-1.amazonaws.com com.amazonaws.us-gov-west-1.sts",
  ],
  [
    `${account}.dkr-ecr.us-gov-east-1.on.aws`,
    "ecr.us-gov-east-1.api.aws com.amazonaws.us-gov-east-1.ecr.api",
    "com.amazonaws.us-gov-east-1.ecr.dkr",
    "prod-us-gov-east-1-starport-layer-bucket.s3.us-gov-east-1.amazonaws.com com.amazonaws.us-gov-east-1.s3",
    "sts.us-gov-east-1.api.aws com.amazonaws.us-gov-east-1.sts",
  ],
  [
    `${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`,
    "api.ecr.cn-north-1.amazonaws.com.cn cn.com.amazonaws.cn-north-1.ecr.api",
    "cn.com.amazonaws.cn-north-1.ecr.dkr",
    "prod-cn-north-1-starport-layer-bucket.s3.cn-north-1.amazonaws.com.cn cn.com.amazonaws.cn-north-1.s3",
    "sts.cn-north-1.amazonaws.com.cn -",
  ],
  [
    `${account}.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn`,
    "ecr.cn-northwest-1.api.amazonwebservices.com.cn cn.com.amazonaws.cn-northwest-1.ecr.api",
    "cn.com.amazonaws.cn-northwest-1.ecr.dkr",
    "prod-cn-northwest-1-starport-layer-bucket.s3.cn-northwest-1.amazonaws.com.cn cn.com.amazonaws.cn-northwest-1.s3",
    "sts.cn-northwest-1.api.amazonwebservices.com.cn -",
  ],
  [
    `${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`,
    "api.ecr.eusc-de-east-1.amazonaws.eu -",
    "-",
    "prod-eusc-de-east-1-starport-layer-bucket.s3.eusc-de-east-1.amazonaws.eu -",
    "sts.eusc-de-east-1.amazonaws.eu -",
  ],
  [
    `${account}.dkr.ecr.us-iso-east-1.c2s.ic.gov`,
    "api.ecr.us-iso-east-1.c2s.ic.gov -",
    "-",
    "prod-us-iso-east-1-starport-layer-bucket.s3.us-iso-east-1.c2s.ic.gov -",
    "sts.us-iso-east-1.c2s.ic.gov -",
  ],
];

describe("what a registry of ECR needs", () => {
  it.each(aws)("%s", (host, api, dkr, bucket, sts) => {
    expect(needsOf(`${host}/union/images`)).toEqual([api, `${host} ${dkr}`, bucket]);
    expect(needsOf(`${host}/union/images`, { hasRole: true })).toEqual([api, `${host} ${dkr}`, bucket, sts]);
  });

  it("takes the region of the registry from its name, and that of STS from the cluster's", () => {
    const needs = needsOf(`${account}.dkr.ecr.us-east-1.amazonaws.com/a`, { region: "eu-west-1", hasRole: true });
    expect(needs.map((need) => need.split(" ")[0])).toEqual([
      "api.ecr.us-east-1.amazonaws.com",
      `${account}.dkr.ecr.us-east-1.amazonaws.com`,
      "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com",
      "sts.eu-west-1.amazonaws.com",
    ]);
  });

  it("is that of the region where the host does not tell it", () => {
    expect(needsOf("harbor.example.com/a", { cloud: "aws", region: "cn-north-1", hasRole: true })).toEqual([
      "api.ecr.cn-north-1.amazonaws.com.cn cn.com.amazonaws.cn-north-1.ecr.api",
      "prod-cn-north-1-starport-layer-bucket.s3.cn-north-1.amazonaws.com.cn cn.com.amazonaws.cn-north-1.s3",
      "sts.cn-north-1.amazonaws.com.cn -",
    ]);
  });

  it.each([
    "public.ecr.aws",
    "12345.dkr.ecr.us-east-1.amazonaws.com",
    `${account}.dkr.ecr.us-east-1.on.aws`,
    `${account}.dkr-ecr.us-east-1.amazonaws.com`,
    `${account}.dkr.ecr.us-east-1.amazonaws.com.evil.example`,
    `x${account}.dkr.ecr.us-east-1.amazonaws.com`,
    `${account}.dkr.ecr.us-east-1.toString`,
  ])("is not that of %s", (host) => {
    expect(parseEcrHost(host)).toBeUndefined();
  });
});

describe("what other registries need", () => {
  it.each<[repository: string, settings: Given, needs: string[]]>([
    ["europe-west3-docker.pkg.dev/p/r", {}, ["europe-west3-docker.pkg.dev -"]],
    ["gcr.io/p/i", {}, ["gcr.io -"]],
    ["eu.gcr.io/p/i", {}, ["eu.gcr.io -"]],
    ["harbor.example.com/a", { cloud: "google", region: "us-east4" }, ["us-east4-docker.pkg.dev -"]],
    ["acme.azurecr.io/a", {}, ["acme.azurecr.io -"]],
    [
      "acme.azurecr.io/a",
      { region: "westeurope" },
      ["acme.azurecr.io -", "acme.westeurope.data.azurecr.io (optional)"],
    ],
    ["acme.azurecr.cn/a", {}, ["acme.azurecr.cn -"]],
    ["Acme.AzureCR.us:443/a", {}, ["acme.azurecr.us -"]],
    ["acme.azurecr.io/a", { cloud: "none" }, ["network.cloud is none"]],
    ["harbor.example.com:5000/a", {}, ["harbor.example.com belongs to no cloud that is known here"]],
    ["acme/images", {}, ["registry-1.docker.io belongs to no cloud that is known here"]],
    [
      "harbor.example.com/a",
      { cloud: "aws" },
      ["network.cloud is aws, but harbor.example.com is not its registry, and network.region is not set"],
    ],
  ])("%s with %j: %j", (repository, settings, needs) => {
    expect(needsOf(repository, settings)).toEqual(needs);
  });

  it.each([
    ["harbor.example.com:5000/a/b", "harbor.example.com"],
    ["[2001:db8::1]:5000/a", "[2001:db8::1]"],
    ["localhost/a", "localhost"],
    ["a/b", "registry-1.docker.io"],
    ["docker.io/a/b", "registry-1.docker.io"],
    ["registry.depot.dev", "registry.depot.dev"],
  ])("the host of %s is %s", (repository, host) => {
    expect(registryHost(repository)).toBe(host);
  });
});

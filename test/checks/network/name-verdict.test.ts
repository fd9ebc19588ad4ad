import { describe, expect, it } from "vitest";
import type { CloudService } from "../../../src/checks/network/cloud-service.ts";
import { judgeName, type NameCode } from "../../../src/checks/network/name-verdict.ts";

const dkr: CloudService = { host: "dkr", purpose: "the registry", way: "interface", endpointService: "com.x.dkr" };
const dualStack: CloudService = { ...dkr, privateHost: "plain" };
const bucket: CloudService = { host: "bucket", purpose: "layers", way: "gateway" };
const google: CloudService = { host: "google", purpose: "the registry", way: "google" };
const azure: CloudService = { host: "azure", purpose: "the registry", way: "private-link" };
const other: CloudService = { host: "other", purpose: "the registry", way: "none" };
const none: readonly string[] = [];
const ipv6Block = ["2600:1f14::/56"];

interface Row {
  service?: CloudService;
  addresses: readonly string[];
  cidrs?: readonly string[];
  aliases?: readonly string[];
  code?: NameCode;
  severity?: "warning";
  why?: string;
}

function verdict({ service = dkr, addresses, cidrs = none, aliases = none }: Row, requirePrivate: boolean) {
  return judgeName(service, { kind: "found", addresses, aliases }, { requirePrivate, cidrs: [...cidrs] });
}

describe("where names have to be private", () => {
  it.each<[name: string, row: Row]>([
    ["private", { addresses: ["10.0.0.1", "100.64.0.7"] }],
    ["public", { addresses: ["52.94.1.1"], code: "egress-name-public", why: "dkr: 52.94.1.1" }],
    ["public, but the network's own", { addresses: ["198.19.0.4"], cidrs: ["198.19.0.0/16"] }],
    ["split", { addresses: ["10.0.0.1", "52.94.1.1"], code: "egress-name-split" }],
    ["private by NAT64", { addresses: ["64:ff9b::a00:1"] }],
    [
      "public by NAT64",
      {
        addresses: ["64:ff9b::345e:101"],
        code: "egress-name-public",
        why: "dkr: 64:ff9b::345e:101 (52.94.1.1 by NAT64)",
      },
    ],
    ["mapped private", { addresses: ["::ffff:10.0.0.1"] }],
    ["unique local IPv6", { addresses: ["fd00::1"] }],
    ["IPv6, no block known", { addresses: ["2600:1f14::1"], code: "egress-name-unproven", severity: "warning" }],
    [
      "private, and IPv6 without a known block",
      { addresses: ["10.0.0.1", "2600:1f14::1"], code: "egress-name-unproven", severity: "warning" },
    ],
    ["IPv6 of the network", { addresses: ["10.0.0.1", "2600:1f14::1"], cidrs: ipv6Block }],
    ["IPv6 of another network", { addresses: ["2600:9::1"], cidrs: ipv6Block, code: "egress-name-public" }],
    ["public, and IPv6", { addresses: ["52.94.1.1", "2600::1"], code: "egress-name-public" }],
    ["a filter's answer", { addresses: ["0.0.0.0"], code: "egress-name-sinkholed" }],
    ["Google's addresses for another cloud", { addresses: ["199.36.153.8"], code: "egress-name-public" }],
    ["the bucket, public", { service: bucket, addresses: ["52.219.1.1"] }],
    ["a registry of no cloud", { service: other, addresses: ["127.0.0.1"] }],
    [
      "dual-stack, public",
      {
        service: dualStack,
        addresses: ["52.94.1.1", "2600::1"],
        code: "egress-name-dual-stack",
        severity: "warning",
      },
    ],
    ["dual-stack, private", { service: dualStack, addresses: ["10.0.0.1"] }],
    ["Google, private", { service: google, addresses: ["199.36.153.8", "199.36.153.11"] }],
    ["Google, restricted", { service: google, addresses: ["199.36.153.4", "2600:2d00:2:1000::5"] }],
    ["Google, Private Service Connect", { service: google, addresses: ["10.1.1.1"] }],
    [
      "Google, public",
      { service: google, addresses: ["142.250.1.82"], code: "egress-name-public", severity: "warning" },
    ],
    [
      "Google, public IPv6 too",
      {
        service: google,
        addresses: ["142.250.1.82", "2a00:1450::52"],
        code: "egress-name-public",
        severity: "warning",
      },
    ],
    [
      "Google, split",
      { service: google, addresses: ["199.36.153.8", "142.250.1.82"], code: "egress-name-split", severity: "warning" },
    ],
    ["Azure, private", { service: azure, addresses: ["10.1.1.1"], aliases: ["acme.privatelink.azurecr.io"] }],
    ["Azure, without a private endpoint", { service: azure, addresses: ["20.1.1.1"], code: "egress-name-public" }],
    [
      "Azure, zone not linked",
      {
        service: azure,
        addresses: ["20.1.1.1"],
        aliases: ["acme.privatelink.azurecr.io"],
        code: "egress-zone-unlinked",
        why: "azure: 20.1.1.1; alias of acme.privatelink.azurecr.io",
      },
    ],
    [
      "Azure in China, zone not linked",
      {
        service: azure,
        addresses: ["40.1.1.1"],
        aliases: ["acme.privatelink.azurecr.cn"],
        code: "egress-zone-unlinked",
      },
    ],
  ])("%s", (_name, row) => {
    const { code, severity = "error", why } = row;
    const found = verdict(row, true);
    if (code === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject({ code, severity, ...(why !== undefined && { why }) });
  });
});

describe("where they need not be", () => {
  it.each<[name: string, row: Row]>([
    ["public", { addresses: ["52.94.1.1"] }],
    ["split", { addresses: ["10.0.0.1", "52.94.1.1"] }],
    ["IPv6", { addresses: ["2600::1"] }],
    ["dual-stack", { service: dualStack, addresses: ["52.94.1.1"] }],
    ["Google", { service: google, addresses: ["142.250.1.82"] }],
    ["Azure", { service: azure, addresses: ["20.1.1.1"], aliases: ["acme.privatelink.azurecr.io"] }],
  ])("%s addresses do", (_name, row) => {
    expect(verdict(row, false)).toBeUndefined();
  });

  it("an answer of a filter does not", () => {
    expect(verdict({ addresses: ["127.0.0.1"] }, false)?.code).toBe("egress-name-sinkholed");
  });

  it.each([
    [dkr, "unknown", "egress-name-unknown"],
    [other, "unknown", "egress-name-unknown"],
    [{ ...azure, isOptional: true } as const, "unknown", undefined],
    [dkr, "failed", "egress-dns-failed"],
    [{ ...azure, isOptional: true } as const, "failed", "egress-dns-failed"],
  ] as const)("%j, whose lookup says %s: %s", (service, kind, code) => {
    const found = judgeName(service, { kind, why: "getaddrinfo" }, { requirePrivate: false, cidrs: [] });
    expect(found?.code).toBe(code);
    if (found) expect(found).toMatchObject({ severity: "error", why: "getaddrinfo" });
  });
});

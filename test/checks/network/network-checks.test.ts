import { describe, expect, it } from "vitest";
import type { CheckContext } from "../../../src/checks/check-context.ts";
import type { CheckResult } from "../../../src/checks/engine/check.ts";
import { createSuite } from "../../../src/checks/engine/suite.ts";
import type { BuildkitAnswer } from "../../../src/checks/network/connection-verdict.ts";
import { networkChecks } from "../../../src/checks/network/network-checks.ts";
import { describe as textsOf } from "../../../src/findings/finding.ts";
import { anyone, readerOf } from "../../../src/findings/reader.ts";
import { parseSettings } from "../../../src/settings/parse-settings.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { fakeCluster } from "../data-plane/fake-cluster.ts";

const region = "eu-central-1";
const account = `123456789012.dkr.ecr.${region}.amazonaws.com`;
const api = `api.ecr.${region}.amazonaws.com`;
const bucket = `prod-${region}-starport-layer-bucket.s3.${region}.amazonaws.com`;
const sts = `sts.${region}.amazonaws.com`;
const role = { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/builds" };

interface Given {
  network?: object;
  repository?: string;
  buildkit?: string;
  annotations?: Readonly<Record<string, string>> | Error;
  /** By host; a host that is not here has a private address, the bucket a public one. */
  addresses?: Readonly<Record<string, readonly string[] | Error>>;
  aliases?: Readonly<Record<string, string>>;
  /** By host; others answer. */
  answers?: Readonly<Record<string, BuildkitAnswer>>;
  isPod?: boolean;
}

/** The results of the category, and what was looked up and asked. */
async function run(given: Given) {
  const { network = {}, repository = `${account}/union`, buildkit = "tcp://buildkit:1234", isPod = true } = given;
  const { addresses = {}, aliases = {}, answers = {}, annotations = {} } = given;
  const asked: string[] = [];
  const file = Buffer.from(JSON.stringify({ appVersion: "1", release: { namespace: "union" }, network }));
  const settings = parseSettings(
    { configFile: "a.yaml", flyteConfigFile: undefined, flags: [], environment: {} },
    () => file,
  );
  const names = {
    lookUp: async (host: string) => {
      asked.push(host);
      const found = addresses[host] ?? (host === bucket ? ["52.219.1.1"] : ["10.0.0.1"]);
      if (found instanceof Error) throw found;
      return found.map((address) => ({ address }));
    },
    findAliases: async (host: string) => {
      asked.push(`alias ${host}`);
      const alias = aliases[host];
      if (alias === undefined) throw new Error("queryCname ENODATA");
      return [alias];
    },
  };
  const { cluster } = fakeCluster("union", { podTemplates: { union: { serviceAccount: "union" } }, annotations });
  const suite = createSuite(new AbortController().signal, systemClock);
  const needed = <T>(name: string, value: T) =>
    suite.check(`given/${name}`, "", { needs: [], deadline: { milliseconds: 1000 } }, () => ({ value, detail: "" }));
  const config = { name: "settings", repository, authentication: "aws", buildkit };
  const ask = async (url: string): Promise<BuildkitAnswer> => {
    asked.push(url);
    return answers[new URL(url).hostname] ?? { kind: "answers", detail: "invalid response status 401" };
  };
  const world = { openCluster: async () => cluster, clock: systemClock, names };
  networkChecks(suite, { world, isPod } as unknown as CheckContext, {
    given: needed("settings", settings),
    configs: needed("configs", [{ namespace: "union", of: config }] as const),
    buildkit: needed("buildkit", ask),
  });
  const results: CheckResult[] = [];
  await suite.run(["network"], (result) => void results.push(result));
  return { results, asked };
}

function summary(results: readonly CheckResult[]) {
  return results.map(({ name, status, finding }) => `${name} ${finding?.code ?? status}`);
}

/** What a reader sees of the one finding. */
async function textsFrom(given: Given) {
  const found = (await run(given)).results.flatMap(({ finding }) => finding ?? []);
  expect(found).toHaveLength(1);
  return found.map((finding) => textsOf(finding, readerOf(anyone), ""))[0];
}

const notFound = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
const noAnswer = Object.assign(new Error("getaddrinfo EAI_AGAIN"), { code: "EAI_AGAIN" });

describe("where all is well", () => {
  it("costs a lookup and a question for each host", async () => {
    const { results, asked } = await run({});
    expect(summary(results)).toEqual(["services passed", "names passed", "connections passed"]);
    expect(asked).toEqual([api, account, bucket, ...[api, account, bucket].map((host) => `https://${host}/`)]);
  });

  it("needs STS where the service account has a role", async () => {
    const { results, asked } = await run({ annotations: role, network: { requirePrivate: true } });
    expect(summary(results)).toEqual(["services passed", "names passed", "connections passed"]);
    expect(asked).toContain(`https://${sts}/`);
  });

  it("says that the role is not known if the service account cannot be read", async () => {
    const { results } = await run({ annotations: new Error("serviceaccounts is forbidden") });
    expect(results[0]).toMatchObject({ status: "passed", detail: expect.stringContaining("is forbidden") });
  });

  it.each<[name: string, given: Given, summary: string[], detail: string]>([
    [
      "a private registry",
      { repository: "harbor.example.com/a" },
      ["services passed", "names passed", "connections skipped"],
      "images",
    ],
    [
      "an address",
      { repository: "10.0.0.1:5000/a" },
      ["services skipped", "names skipped", "connections skipped"],
      "no name",
    ],
    [
      "no cloud by settings",
      { network: { cloud: "none" } },
      ["services skipped", "names skipped", "connections skipped"],
      "none",
    ],
    ["Depot", { buildkit: "" }, ["services skipped", "names skipped", "connections skipped"], "Depot"],
    ["a workstation", { isPod: false }, ["services passed", "names skipped", "connections skipped"], "in the cluster"],
  ])("%s needs less", async (_name, given, expected, detail) => {
    const { results } = await run(given);
    expect(summary(results)).toEqual(expected);
    expect(results.at(-1)?.detail).toContain(detail);
  });

  it("leaves out a data endpoint that the registry does not have", async () => {
    const data = "acme.westeurope.data.azurecr.io";
    const { results, asked } = await run({
      repository: "acme.azurecr.io/a",
      network: { region: "westeurope" },
      addresses: { [data]: notFound },
    });
    expect(summary(results)).toEqual(["services passed", "names passed", "connections passed"]);
    expect(asked).not.toContain(`https://${data}/`);
  });
});

describe("a finding", () => {
  it("names all servers with the same fault, and others in its reason; the rest is checked", async () => {
    const { results, asked } = await run({
      network: { requirePrivate: true },
      addresses: { [api]: ["52.94.1.1"], [account]: ["52.94.1.2"] },
      answers: { [bucket]: { kind: "deadline", detail: "nothing in 8 s" } },
    });
    expect(summary(results)).toEqual([
      "services passed",
      "names egress-name-public",
      "connections egress-endpoint-missing",
    ]);
    expect(results[1]?.finding).toMatchObject({ severity: "error", why: `${api}: 52.94.1.1; ${account}: 52.94.1.2` });
    expect(asked.filter((one) => one.startsWith("https"))).toEqual([`https://${bucket}/`]);
  });

  it("mentions faults of another kind", async () => {
    const { results } = await run({
      network: { requirePrivate: true },
      addresses: { [api]: ["52.94.1.1"], [account]: notFound },
    });
    expect(results[1]?.finding).toMatchObject({
      code: "egress-name-public",
      why: `${api}: 52.94.1.1; also egress-name-unknown: ${account}`,
    });
  });

  it("tells servers apart that are reached in other ways", async () => {
    const { results } = await run({ addresses: { [api]: notFound, [bucket]: notFound } });
    expect(results[1]?.finding).toMatchObject({
      code: "egress-name-unknown",
      args: { hosts: [api], way: "interface" },
    });
    expect(results[1]?.finding?.why).toContain(`also egress-name-unknown: ${bucket}`);
  });

  it("stops what needs the names if none is left", async () => {
    const { results } = await run({ repository: "gcr.io/p/i", addresses: { "gcr.io": notFound } });
    expect(summary(results)).toEqual(["services passed", "names egress-name-unknown", "connections skipped"]);
    expect(results[2]?.detail).toBe("network/names failed");
  });

  it("that is a warning stops nothing", async () => {
    const { results } = await run({
      repository: "gcr.io/p/i",
      network: { requirePrivate: true },
      addresses: { "gcr.io": ["142.250.1.82"] },
    });
    expect(results.map(({ status }) => status)).toEqual(["passed", "warning", "passed"]);
  });

  it.each<[name: string, given: Given, code: string, fix: RegExp]>([
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
  ])("of %s names what to do", async (_name, given, code, fix) => {
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
});

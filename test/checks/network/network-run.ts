import { expect } from "vitest";
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

export const region = "eu-central-1";
export const account = `123456789012.dkr.ecr.${region}.amazonaws.com`;
export const api = `api.ecr.${region}.amazonaws.com`;
export const bucket = `prod-${region}-starport-layer-bucket.s3.${region}.amazonaws.com`;
export const sts = `sts.${region}.amazonaws.com`;
export const role = { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/builds" };

/** A network, and what is different in it from one where all is well. */
export interface Given {
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
export async function run(given: Given) {
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

/** `names egress-name-public`, or how the check ended. */
export function summary(results: readonly CheckResult[]) {
  return results.map(({ name, status, finding }) => `${name} ${finding?.code ?? status}`);
}

/** What a reader sees of the one finding. */
export async function textsFrom(given: Given) {
  const found = (await run(given)).results.flatMap(({ finding }) => finding ?? []);
  expect(found).toHaveLength(1);
  return found.map((finding) => textsOf(finding, readerOf(anyone), ""))[0];
}

export const notFound = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
export const noAnswer = Object.assign(new Error("getaddrinfo EAI_AGAIN"), { code: "EAI_AGAIN" });

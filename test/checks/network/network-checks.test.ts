import { describe, expect, it } from "vitest";
import { account, api, bucket, type Given, notFound, role, run, sts, summary } from "./network-run.ts";

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
});

import { describe, expect, it } from "vitest";
import { addBuildNamespaces, type HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { openWorld } from "../faults/fault.ts";

const dataPlane = ["--category", "data-plane", "--category", "buildkit"];
const unprovisioned = { configMaps: {}, serviceAccounts: [] };

async function findingsOf(world: HealthyWorld) {
  const { checks, exitCode } = await world.check(dataPlane);
  return { checks, exitCode, findings: checks.flatMap(({ finding }) => finding ?? []) };
}

describe("a check of a data plane with several namespaces", () => {
  it("passes with one line a check, and says where builds run", async () => {
    await using world = await openWorld();
    addBuildNamespaces(world, { development: {}, staging: {}, production: {} });
    const { checks, findings } = await findingsOf(world);
    expect(findings).toEqual([]);
    expect(checks.map(({ name, status, detail }) => `${name} ${status}: ${detail}`)).toEqual([
      expect.stringMatching(/^cluster passed: /),
      "namespaces passed: 3 with the label union.ai/namespace-type=flyte",
      "config-map passed: build-image-config in 3 namespaces",
      "values passed: each key is there",
      expect.stringMatching(/^repository passed: 123456789012\.dkr/),
      "login passed: aws",
      "account passed: union in 3 namespaces",
      expect.stringMatching(/^address passed: tcp:/),
      expect.stringMatching(/^connection passed: /),
    ]);
  });

  it("has one finding that names the one namespace without ConfigMap and account, and checks the others", async () => {
    await using world = await openWorld();
    addBuildNamespaces(world, { development: {}, staging: unprovisioned, production: {} });
    const { checks, findings, exitCode } = await findingsOf(world);
    expect(findings.map(({ code }) => code)).toEqual(["build-namespace-unprovisioned"]);
    expect(findings[0]?.what).toMatch(/^namespace staging has neither ConfigMap \S+ nor service account union: /);
    expect(exitCode).toBe(1);
    expect(checks.filter(({ status }) => status !== "passed").map(({ name }) => name)).toEqual(["config-map"]);
    expect(checks.find(({ name }) => name === "account")?.detail).toBe("union in 2 namespaces");
  });

  it("leaves out a namespace that is being deleted", async () => {
    await using world = await openWorld();
    addBuildNamespaces(world, { production: {}, old: { ...unprovisioned, isTerminating: true } });
    const { checks, findings } = await findingsOf(world);
    expect(findings).toEqual([]);
    expect(checks.find(({ name }) => name === "namespaces")?.detail).toMatch(
      /^1 with .*; not namespace old: being deleted$/,
    );
  });

  it("names different faults of different namespaces, each in its own check", async () => {
    await using world = await openWorld();
    addBuildNamespaces(world, { a: {}, b: { configMaps: {} }, c: { serviceAccounts: ["default"] }, d: {} });
    Object.assign(world.cluster.namespaces["d"]?.configMaps?.["build-image-config"] ?? {}, {
      "default-repository": "ghcr.io/Acme",
    });
    const { findings } = await findingsOf(world);
    expect(findings.map(({ code, what }) => `${code}: ${what}`)).toEqual([
      expect.stringMatching(/^build-config-not-copied: ConfigMap b\/build-image-config does not exist/),
      expect.stringMatching(
        /^repository-malformed: .* in ConfigMap d\/build-image-config .* "Acme" has capital letters/,
      ),
      expect.stringMatching(/^service-account-missing: service account c\/union does not exist/),
    ]);
  });

  it("checks hundreds in time, and names some of many at fault", async () => {
    await using world = await openWorld();
    const names = Array.from({ length: 200 }, (_, index) => `n${String(index).padStart(3, "0")}`);
    const isBare = (index: number) => index % 2 === 1;
    addBuildNamespaces(world, Object.fromEntries(names.map((name, i) => [name, isBare(i) ? { configMaps: {} } : {}])));
    const { checks, findings } = await findingsOf(world);
    expect(findings.map(({ code }) => code)).toEqual(["build-config-not-copied"]);
    expect(findings[0]?.what).toContain(
      "ConfigMap build-image-config in namespaces n001, n003, n005, n007, n009, n011, n013, n015 and 92 more",
    );
    expect(checks.find(({ name }) => name === "account")?.detail).toBe("union in 100 namespaces");
  }, 30_000);

  it("checks those of the settings where namespaces may not be listed", async () => {
    await using world = await openWorld({ cluster: { forbidden: ["GET namespaces"] } });
    addBuildNamespaces(world, { production: {} });
    Object.assign(world.settings["cluster"] ?? {}, { buildNamespaces: ["production"] });
    const { checks, findings, exitCode } = await findingsOf(world);
    expect(findings.map(({ code, why }) => `${code}: ${why}`)).toEqual([
      expect.stringMatching(/^build-namespaces-unlisted: namespaces is forbidden: .* at the cluster scope$/),
    ]);
    expect(findings[0]?.fix).toContain("cluster.buildNamespaces");
    expect(checks.find(({ name }) => name === "config-map")?.detail).toBe("production/build-image-config");
    expect(exitCode).toBe(0);
  });

  it("does not call a namespace unprovisioned whose service account may not be read", async () => {
    await using world = await openWorld({ cluster: { forbidden: ["GET staging/serviceaccounts"] } });
    addBuildNamespaces(world, { development: {}, staging: unprovisioned });
    const { findings } = await findingsOf(world);
    expect(findings.map(({ code, why }) => `${code}: ${why}`)).toEqual([
      expect.stringMatching(/^build-config-not-copied: service account union cannot be read: .* is forbidden: /),
    ]);
  });

  it("says of each what may not be read, and checks the rest", async () => {
    await using world = await openWorld({ cluster: { forbidden: ["GET staging/"] } });
    addBuildNamespaces(world, { development: {}, staging: {} });
    const { checks, findings } = await findingsOf(world);
    expect(findings.map(({ severity, what }) => `${severity} ${what}`)).toEqual([
      "warning ConfigMap staging/build-image-config cannot be read, so it was not checked",
    ]);
    expect(checks.find(({ name }) => name === "account")?.detail).toBe("development/union");
  });
});

describe("a check of a data plane with one namespace", () => {
  it.each([
    { why: "that of the PodTemplate", cluster: {}, detail: /^union\/union$/ },
    { why: "default where there is no PodTemplate", cluster: { podTemplates: {} }, detail: /^union\/default$/ },
    {
      why: "default where the PodTemplate may not be read, and says so",
      cluster: { forbidden: ["GET podtemplates"] },
      detail:
        /^union\/default; PodTemplate task-template, which may name another, cannot be read: podtemplates .* forbidden/,
    },
  ])("looks for the service account $why", async ({ cluster, detail }) => {
    await using world = await openWorld({ cluster });
    const { checks, findings } = await findingsOf(world);
    expect(findings).toEqual([]);
    expect(checks.find(({ name }) => name === "account")?.detail).toMatch(detail);
  });

  it.each([
    ["", "the data plane has no buildkit (Depot)"],
    ["unix:///run/buildkit/buildkitd.sock", "only build pods reach unix:///run/buildkit/buildkitd.sock"],
  ])("needs no check of buildkit at %j", async (address, words) => {
    const buildConfig = {
      "buildkit-uri": address,
      "authentication-type": "basic",
      "default-repository": "registry.depot.dev",
    };
    await using world = await openWorld({ buildConfig });
    const { checks, findings, exitCode } = await findingsOf(world);
    expect([findings, exitCode]).toEqual([[], 0]);
    const skipped = checks.filter(({ status }) => status === "skipped");
    expect(skipped.map(({ name }) => name)).toEqual(["address", "connection"]);
    for (const { detail } of skipped) expect(detail).toContain(words);
  });
});

import { describe, expect, it } from "vitest";
import { chart, dataplane, dataplaneValues, helms, leastValues, templated, type Values, withValues } from "./helm.ts";

describe.each(helms)("what cannot work is refused with a sentence, under Helm %i", (major) => {
  it.each([
    [{ appVersionFrom: "deployment/union-operator" }, "appVersion and appVersionFrom are both set"],
    [{ clusterName: "" }, "clusterName is empty; set it"],
    [{ image: { registry: "" } }, "image.registry is empty; set it"],
    [
      { image: { repository: "ghcr.io/acme/registrar" } },
      "image.repository is ghcr.io/acme/registrar, which begins with a host, and image.registry is registry.example.com/union; remove one of them.",
    ],
    [{ dnsPolicy: "None" }, "dnsPolicy is None, but dnsConfig.nameservers is empty"],
    [{ dnsPolicy: "None", dnsConfig: { searches: ["corp"] } }, "dnsPolicy is None, but dnsConfig.nameservers is empty"],
    [{ controlPlane: { endpoint: "" } }, "controlPlane.endpoint is empty; set it"],
    [{ auth: { clientId: "" } }, "auth.clientId is empty; set it, or set auth.type"],
    [{ auth: { type: "apiKey" } }, "auth.clientId requires auth.type clientSecret, but it is apiKey"],
    [{ auth: { type: "apiKey", clientId: "" } }, "auth.existingSecret is empty; set it to the Secret"],
    [{ clusterName: "{{ printf `%c` 39 }}" }, "the values are not valid YAML after their templates are rendered"],
    [{ auth: { type: "none" } }, "auth.clientId requires auth.type clientSecret, but it is none"],
    [
      { auth: { type: "none", clientId: "", existingSecret: "key" } },
      "auth.existingSecret or auth.existingSecretKey is set, but auth.type is none",
    ],
    [{ caBundle: { configMap: "a", secret: "b" } }, "caBundle.configMap and caBundle.secret are both set"],
    [{ hooks: { rollback: true, plain: true } }, "hooks.rollback requires Helm hooks"],
    [{ hooks: { rollback: true, annotations: { a: "b" } } }, "hooks.rollback requires Helm hooks"],
    [{ test: { build: { enabled: true } }, hooks: { test: false } }, "test.build.enabled requires the test Pod"],
    [{ test: { build: { enabled: true } }, hooks: { plain: true } }, "test.build.enabled requires the test Pod"],
    [
      { test: { build: { enabled: true } }, hooks: { annotations: { a: "b" } } },
      "test.build.enabled requires the test Pod",
    ],
    [
      { buildCronJob: { enabled: false, schedule: "@daily" } },
      "buildCronJob.schedule is @daily, but buildCronJob.enabled is false",
    ],
    [{ build: { timeout: "10 minutes" } }, "build.timeout is 10 minutes; set a duration from 1s to 24h"],
    [{ cronJob: { lookAgainAfter: "hourly" } }, "cronJob.lookAgainAfter is hourly; set a duration from 1s to 24h"],
    [{ test: { build: { timeout: "0s" } } }, "test.build.timeout is 0s; set a duration from 1s to 24h"],
    [
      { resources: { limits: { memory: "20Mi" } } },
      "resources.limits.memory is 20Mi; below 64Mi the program is killed",
    ],
    [{ resources: { limits: { memory: "67000000" } } }, "resources.limits.memory is 67000000; below 64Mi"],
    [{ task: { deployWith: "flyte" } }, "resources.limits.memory is 128Mi, but task.deployWith flyte requires 144Mi"],
  ])("%j", async (values, sentence) => {
    const { exitCode, stderr } = await templated(major, chart, withValues(leastValues, values));
    expect(stderr).toContain(`image-builder-registrar: ${sentence}`);
    expect(exitCode).toBe(1);
  });

  it.each(["64Mi", "68M", "1Gi", 200_000_000])("but not a memory limit of %s", async (memory) => {
    const values = withValues(leastValues, { resources: { limits: { memory } } });
    expect(await templated(major, chart, values)).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [{ hook: {} }, "hook"],
    [{ hooks: { instal: true } }, "instal"],
    [{ failurePolicy: "ignore" }, "failurePolicy"],
    [{ role: "leader" }, "role"],
    [{ appVersion: 2026.8 }, "appVersion"],
    [{ task: { imagePrefix: "x" } }, "imagePrefix"],
    [{ appVersionFrom: "union-operator" }, "appVersionFrom"],
    [{ activeDeadlineSeconds: 20 }, "activeDeadlineSeconds"],
    [{ commonLabels: { team: 7 } }, "team"],
    [{ dnsPolicy: "Any" }, "dnsPolicy"],
    [{ extraObjects: [7] }, "extraObjects"],
    ...[
      "--verbose",
      "--force",
      "--dry-run",
      "--output=xml",
      "--output",
      "--config=x",
      "--trigger=manual",
      "--skip=a",
      "--no=x",
    ].map((arg): [Values, string] => [{ extraArgs: [arg] }, "extraArgs"]),
    ...["--policy-failure=fail", "--release-name=other", "--cluster-enabled=false", "register"].map(
      (arg): [Values, string] => [{ extraArgs: [arg] }, "extraArgs"],
    ),
    [{ check: { extraArgs: ["--bundle=-"] } }, "extraArgs"],
    [{ build: { project: "flytesnacks/development" } }, "project"],
    [{ build: { pythonVersion: 3.12 } }, "pythonVersion"],
    [{ build: { timeout: 600 } }, "timeout"],
    [{ build: { tag: "latest" } }, "tag"],
    [{ buildCronJob: { failurePolicy: "warn" } }, "failurePolicy"],
    [{ test: { build: { schedule: "@daily" } } }, "schedule"],
  ])("by the schema: %j", async (values, named) => {
    const { exitCode, stderr } = await templated(major, chart, withValues(leastValues, values));
    expect(stderr).toMatch(new RegExp(`schema.*${named}`, "s"));
    expect(exitCode).toBe(1);
  });

  it("by the schema, embedded too", async () => {
    const values = withValues(dataplaneValues, { imageBuilderRegistrar: { hook: {} } });
    expect((await templated(major, dataplane, values)).stderr).toMatch(/imageBuilderRegistrar.*hook/s);
  });
});

import { describe, expect, it } from "vitest";
import { chart, dataplane, dataplaneValues, helms, leastValues, templated, withValues } from "./helm.ts";

describe.each(helms)("what cannot work is refused with a sentence, under Helm %i", (major) => {
  it.each([
    [{ appVersion: "" }, "no release is named; set appVersion"],
    [{ appVersionFrom: "deployment/union-operator" }, "appVersion and appVersionFrom are both set"],
    [{ clusterName: "" }, "clusterName is empty; name this cluster"],
    [{ image: { registry: "" } }, "image.registry is empty; name the registry"],
    [{ controlPlane: { endpoint: "" } }, "controlPlane.endpoint is empty; set it"],
    [{ auth: { clientId: "" } }, "auth.clientId is empty; set it, or set auth.type"],
    [{ auth: { type: "apiKey" } }, "auth.clientId goes with auth.type clientSecret, not with apiKey"],
    [{ auth: { type: "apiKey", clientId: "" } }, "auth.existingSecret is empty; name the Secret"],
    [{ clusterName: "{{ printf `%c` 39 }}" }, "with the templates in them rendered, the values are no YAML"],
    [{ auth: { type: "none" } }, "auth.clientId goes with auth.type clientSecret, not with none"],
    [
      { auth: { type: "none", clientId: "", existingSecret: "key" } },
      "auth.existingSecret is set but authentication is off",
    ],
    [{ caBundle: { configMap: "a", secret: "b" } }, "caBundle.configMap and caBundle.secret are both set"],
    [{ hooks: { rollback: true, plain: true } }, "hooks.rollback is a hook of Helm's"],
    [{ hooks: { rollback: true, annotations: { a: "b" } } }, "hooks.rollback is a hook of Helm's"],
    [
      { resources: { limits: { memory: "20Mi" } } },
      "resources.limits.memory is 20Mi; below 64Mi the program is killed",
    ],
    [{ resources: { limits: { memory: "67000000" } } }, "resources.limits.memory is 67000000; below 64Mi"],
    [{ task: { deployWith: "flyte" } }, "resources.limits.memory is 128Mi, and task.deployWith flyte needs 144Mi"],
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
    [{ appVersion: 2026.8 }, "appVersion"],
    [{ task: { imagePrefix: "x" } }, "imagePrefix"],
    [{ appVersionFrom: "union-operator" }, "appVersionFrom"],
    [{ activeDeadlineSeconds: 20 }, "activeDeadlineSeconds"],
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

import { describe, expect, it } from "vitest";
import { chartValueOf } from "../../src/findings/chart-values.ts";
import { type Leaf, leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted } from "../../src/settings/names.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { treeOf, valueAt, valuesOf } from "../settings/samples.ts";
import { changes } from "./changed-values.ts";
import { chart, dataplane, dataplaneValues, leastValues, rendered, settingsOf, templated, withValues } from "./helm.ts";

const leaves = leavesOfSettings().map((leaf) => ({
  setting: dotted(leaf.path),
  leaf,
  value: chartValueOf(dotted(leaf.path)),
}));

/** A value that is not the default. */
function otherValue(leaf: Leaf): unknown {
  return valuesOf(leaf).find((value) => value !== leaf.fallback);
}

/** Values before and after a change of one chart value. */
function changeOf(value: string, leaf: Leaf) {
  const known = changes.find(({ path }) => path === value || path === `${value}.configMap`);
  // The flyte CLI requires more memory than the default limit.
  const roomy = value === "task.deployWith" ? { resources: { limits: { memory: "192Mi" } } } : {};
  const before = withValues(leastValues, known?.given ?? roomy);
  const change = known ? treeOf(known.path.split("."), known.to) : treeOf(value.split("."), otherValue(leaf));
  return { before, after: withValues(before, change) };
}

const settingsWith = async (values: object) => settingsOf(await rendered(3, chart, { ...values }));

describe("the name of a setting among the chart's values", () => {
  // The key of a Secret is in the path, its name is not: that is in what names the chart's objects.
  const inPath = ["controlPlane.auth.clientSecretFile", "controlPlane.auth.apiKeyFile"];

  it.each(leaves.filter(({ value }) => value !== undefined))(
    "$setting is changed by $value",
    async ({ setting, leaf, value = "" }) => {
      const { before, after } = changeOf(value, leaf);
      const [one, other] = [await settingsWith(before), await settingsWith(after)];
      const relevant = (settings: Settings) =>
        inPath.includes(setting) ? settings.cluster.chartObjects?.credential : valueAt(settings, leaf.path);
      expect(relevant(other)).not.toEqual(relevant(one));
    },
  );

  it.each(leaves.filter(({ value }) => value === undefined))("$setting has none", async ({ leaf }) => {
    const { exitCode, stderr } = await templated(
      3,
      chart,
      withValues(leastValues, treeOf(leaf.path, valuesOf(leaf)[0])),
    );
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/additional properties '\w+' not allowed|Additional property \w+ is not allowed/);
  });

  it("is the same for what a setting contains", () => {
    expect(chartValueOf("task.podTemplate.env[0].name")).toBe("task.podTemplate.env[0].name");
    expect(chartValueOf("constructor")).toBe("constructor");
  });
});

describe("what messages name of the chart", () => {
  it("is there", async () => {
    const objects = await rendered(3, chart, leastValues);
    const { chartObjects } = settingsOf(objects).cluster;
    expect(chartObjects).toEqual({
      valuesPrefix: "",
      cronJob: "reg-image-builder-registrar",
      registerCronJob: "reg-image-builder-registrar-register",
      forceCronJob: "reg-image-builder-registrar-register-force",
      checkCronJob: "reg-image-builder-registrar-check",
      buildCronJob: "reg-image-builder-registrar-build",
      credential: { secret: "union-secret-auth", key: "client_secret" },
    });
    const cronJobs = objects.filter(({ kind }) => kind === "CronJob").map(({ metadata }) => metadata.name);
    const { cronJob, registerCronJob, forceCronJob, checkCronJob, buildCronJob } = chartObjects ?? {};
    expect(cronJobs.sort()).toEqual([cronJob, registerCronJob, forceCronJob, checkCronJob, buildCronJob].sort());
  });

  it.each([
    [{ caBundle: { configMap: "cas" } }, { caBundle: { kind: "ConfigMap", name: "cas", key: "ca.crt" } }],
    [{ caBundle: { secret: "cas", key: "a.pem" } }, { caBundle: { kind: "Secret", name: "cas", key: "a.pem" } }],
    [{ auth: { type: "none", clientId: "" } }, { credential: undefined }],
    [
      { auth: { type: "apiKey", clientId: "", existingSecret: "key" } },
      { credential: { secret: "key", key: "api_key" } },
    ],
    [{ nameOverride: "builds", fullnameOverride: "reg" }, { nameLabel: "builds" }],
    [{ cronJob: { enabled: false } }, { cronJob: undefined }],
    [{ manual: { enabled: false } }, { registerCronJob: undefined, forceCronJob: undefined }],
    [{ check: { enabled: false } }, { checkCronJob: undefined }],
    [{ buildCronJob: { enabled: false } }, { buildCronJob: undefined }],
  ])("follows the values %j", async (values, expected) => {
    const { chartObjects } = (await settingsWith(withValues(leastValues, values))).cluster;
    expect({ ...chartObjects, ...expected }).toEqual(chartObjects);
  });

  it("has the prefix of the values where another chart embeds this one", async () => {
    const { chartObjects } = settingsOf(await rendered(3, dataplane, dataplaneValues)).cluster;
    expect(chartObjects?.valuesPrefix).toBe("imageBuilderRegistrar.");
  });
});

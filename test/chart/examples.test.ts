import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  all,
  chart,
  cronJob,
  dataplane,
  dataplaneValues,
  helms,
  one,
  rendered,
  settingsOf,
  type Values,
} from "./helm.ts";

const folder = join(import.meta.dirname, "../../examples");
const read = (name: string): Values => parse(readFileSync(join(folder, name), "utf8"));

const valuesFiles = ["values.aws.yaml", "values.gcp.yaml", "values.azure.yaml", "values.air-gap.yaml"];
const extraObjects = "values.extra-objects.yaml";
/** Where other tools keep the chart's values. */
const nested: Record<string, readonly string[]> = {
  "argo-cd.yaml": ["spec", "source", "helm", "valuesObject"],
  "flux.yaml": ["spec", "values"],
};

it("knows every example", () => {
  expect(readdirSync(folder).sort()).toEqual([...valuesFiles, extraObjects, ...Object.keys(nested)].sort());
});

describe.each(helms)("examples, under Helm %i", (major) => {
  const check = (objects: Awaited<ReturnType<typeof rendered>>) => {
    expect(settingsOf(objects).controlPlane).toMatchObject({ org: "acme", auth: { type: "clientSecret" } });
    expect(cronJob(objects, "register").spec?.suspend).toBe(false);
  };

  it.each(valuesFiles)("%s renders to settings that the program takes", async (name) => {
    check(await rendered(major, chart, {}, ["--values", join(folder, name)]));
  });

  it.each(Object.entries(nested))("%s renders to settings that the program takes", async (name, path) => {
    check(
      await rendered(
        major,
        chart,
        path.reduce<Values>((value, key) => value[key] as Values, read(name)),
      ),
    );
  });

  it.each(["install", "upgrade"])(
    "extraObjects carry what the chart makes where it is embedded, at an %s",
    async (when) => {
      const flags = when === "upgrade" ? ["--is-upgrade"] : [];
      const embedded = await rendered(major, dataplane, dataplaneValues, flags);
      const parent = { global: dataplaneValues["global"] };
      const carried = await rendered(major, dataplane, parent, [...flags, "--values", join(folder, extraObjects)]);

      expect(one(carried, "Job").metadata).toMatchObject({
        name: one(embedded, "Job").metadata?.name,
        annotations: one(embedded, "Job").metadata?.annotations,
      });
      expect(one(carried, "Job").spec).toEqual(one(embedded, "Job").spec);
      const schedule = { schedule: "4-59/10 * * * *" };
      expect(cronJob(carried, "register").spec).toEqual({ ...cronJob(embedded, "register").spec, ...schedule });
      expect(cronJob(carried, "check").spec).toEqual(cronJob(embedded, "check").spec);
      expect(cronJob(carried, "check").metadata?.name).toBe(cronJob(embedded, "check").metadata?.name);
      // There are no values of the chart here: messages name the settings themselves.
      const { valuesPrefix: _, ...chartObjects } = settingsOf(embedded).cluster.chartObjects ?? {};
      const { cluster, ...settings } = settingsOf(embedded);
      expect(settingsOf(carried)).toEqual({ ...settings, cluster: { ...cluster, chartObjects } });
      expect(one(carried, "Role").rules).toEqual(one(embedded, "Role").rules);
      expect(one(carried, "RoleBinding").subjects).toEqual(one(embedded, "RoleBinding").subjects);
      const names = (objects: typeof carried) => all(objects, "ConfigMap").map(({ metadata }) => metadata?.name);
      expect(names(carried).sort()).toEqual(names(embedded).sort());
    },
  );
});

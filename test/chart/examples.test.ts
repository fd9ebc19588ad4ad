import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { bareDataplane } from "./changed-dataplanes.ts";
import { modes } from "./dataplane-modes.ts";
import { examples, extraObjectsFile, nestedValues, valuesFiles } from "./example-files.ts";
import {
  chart,
  cronJob,
  dataplane,
  dataplaneValues,
  helms,
  rendered,
  settingsOf,
  templated,
  type Values,
  withValues,
} from "./helm.ts";

/** What test/chart/argo-cd-fleet.test.ts is about. */
const fleet = "argo-cd-fleet.yaml";

it("knows every example", () => {
  expect(readdirSync(examples).sort()).toEqual(
    [...valuesFiles, extraObjectsFile, fleet, ...nestedValues.map(({ name }) => name)].sort(),
  );
});

describe.each(helms)("examples, under Helm %i", (major) => {
  const check = (objects: Awaited<ReturnType<typeof rendered>>) => {
    expect(settingsOf(objects).controlPlane).toMatchObject({ org: "acme", auth: { type: "clientSecret" } });
    expect(cronJob(objects, "scheduled").spec?.suspend).toBe(false);
  };

  it.each(valuesFiles)("%s renders to settings that the program takes", async (name) => {
    check(await rendered(major, chart, {}, ["--values", join(examples, name)]));
  });

  it.each(nestedValues)("$name renders to settings that the program takes", async ({ values }) => {
    check(await rendered(major, chart, values));
  });

  it.each(modes.flatMap((mode) => ["install", "upgrade"].map((when) => ({ ...mode, when }))))(
    "extraObjects render what the embedded chart renders at an $when, in mode: $name",
    async ({ values, when }) => {
      const flags = when === "upgrade" ? ["--is-upgrade"] : [];
      const given = withValues(dataplaneValues, values);
      await using bare = await bareDataplane();
      const carried = rendered(major, bare.folder, given, [...flags, "--values", join(examples, extraObjectsFile)]);
      const embedded = await rendered(major, dataplane, given, flags);
      expect(byName(await carried)).toEqual(byName(embedded));
    },
  );

  it("extraObjects follow what is set under imageBuilderRegistrar, and refuse what contradicts", async () => {
    await using bare = await bareDataplane();
    const files = ["--values", join(examples, extraObjectsFile)];
    const own = {
      cronJob: { schedule: "17 * * * *" },
      caBundle: { configMap: "company-ca" },
      build: { projects: ["flytesnacks/development"], timeout: "5m" },
      buildCronJob: { schedule: "@daily" },
    };
    const values = withValues(dataplaneValues, { imageBuilderRegistrar: own });
    const objects = await rendered(major, bare.folder, {}, [...files, "--values", await written(bare.folder, values)]);
    expect(cronJob(objects, "scheduled").spec?.schedule).toBe("17 * * * *");
    expect(settingsOf(objects).controlPlane.caFile).toBe("/etc/registrar-ca/ca.crt");
    expect(cronJob(objects, "build")).toEqual(cronJob(await rendered(major, dataplane, values), "build"));

    const { image: _, ...without } = dataplaneValues["imageBuilderRegistrar"] as Values;
    const refused = await templated(major, bare.folder, { ...dataplaneValues, imageBuilderRegistrar: without }, files);
    expect(refused.stderr).toContain("image-builder-registrar: image.registry is empty");
    // There is no schema that refuses the number.
    const unitless = withValues(dataplaneValues, { imageBuilderRegistrar: { build: { timeout: 600 } } });
    const { stderr } = await templated(major, bare.folder, unitless, files);
    expect(stderr).toContain("image-builder-registrar: build.timeout is 600; set a duration from 1s to 24h");
  });
});

/** Objects in an order that does not depend on the template that renders them. */
function byName(objects: Awaited<ReturnType<typeof rendered>>) {
  const key = ({ kind, metadata }: (typeof objects)[number]) => `${kind} ${metadata.name}`;
  return objects.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

async function written(directory: string, values: Values): Promise<string> {
  const path = join(directory, "own.yaml");
  await writeFile(path, stringify(values));
  return path;
}

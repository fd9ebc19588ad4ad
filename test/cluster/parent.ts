import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parse } from "yaml";
import { bareDataplane } from "../chart/changed-dataplanes.ts";
import { dataplane, type HelmMajor, type Values, withValues } from "../chart/helm.ts";
import { createRelease, imageValues, type Release, type ReleaseOptions, registryValues } from "./release.ts";

const parentVersion: string = parse(readFileSync(join(dataplane, "Chart.yaml"), "utf8")).appVersion;
const extraObjects = join(import.meta.dirname, "../../examples/values.extra-objects.yaml");

/** How the registrar comes with a data plane. */
type Form = "embedded" | "extraObjects";

// Both forms render the same in every mode under both Helms (test/chart/examples.test.ts), so each mode is installed in each
// form and under each Helm, but only the first in every combination.
export const crossed = [
  [3, "embedded"],
  [4, "extraObjects"],
] as const satisfies [HelmMajor, Form][];
export const crossedOver = [
  [3, "extraObjects"],
  [4, "embedded"],
] as const satisfies [HelmMajor, Form][];
export const combinations = [...crossed, ...crossedOver];

/** A data plane with the registrar. */
export interface Parent extends AsyncDisposable {
  release: Release;
  install(values?: Values, own?: Values): ReturnType<Release["install"]>;
}

/** Prepares the installation of a data plane with the registrar. */
export async function createParent(major: HelmMajor, form: Form, options: ReleaseOptions = {}): Promise<Parent> {
  const bare = await bareDataplane();
  const chart = form === "embedded" ? dataplane : bare.folder;
  const release = await createRelease(major, { ...options, chart });
  await release.namespace.kubectl("delete", "configmap", "build-image-config");
  const { plane, registry, clientId } = release.controlPlane;
  const ours = {
    enabled: true,
    image: imageValues(),
    caBundle: { configMap: "ca" },
    cronJob: { lookAgainAfter: "" },
    ...registryValues(registry.host),
  };
  const works: Values = {
    global: { CLUSTER_NAME: "test", ORG_NAME: "acme", AUTH_CLIENT_ID: clientId },
    config: { union: { connection: { host: plane.url } } },
    // The Secret is there already, with the secret of this test's control plane.
    secrets: { admin: { create: false } },
    // No Service has pods here.
    imageBuilder: {
      buildkit: { enabled: false },
      authenticationType: "basic",
      defaultRepository: "ghcr.io/acme/union",
    },
  };
  const flags = form === "embedded" ? [] : ["--values", extraObjects];
  return {
    release,
    install: (values = {}, own = {}) => {
      const imageBuilderRegistrar = withValues(ours, own);
      return release.install(withValues(withValues(works, values), { imageBuilderRegistrar }), ...flags);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([release[Symbol.asyncDispose](), bare[Symbol.asyncDispose]()]);
    },
  };
}

/** The registration by the hook, by the schedule and the check are all well. @returns what the check says */
export async function expectWell({ release }: Parent): Promise<string> {
  expect(release.currentVersion()).toBe(parentVersion);
  expect(await release.recorded("install")).toMatchObject({ state: "registered", codes: [] });
  const scheduled = await release.runJob("");
  expect(scheduled, scheduled.log).toMatchObject({ end: "Complete" });
  expect(scheduled.log).toContain("up-to-date");
  const checked = await release.runJob("-check");
  expect(checked, checked.log).toMatchObject({ end: "Complete" });
  expect(checked.log).toMatch(/^0 problems, /m);
  return checked.log;
}

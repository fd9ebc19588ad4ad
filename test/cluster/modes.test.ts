import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import { bareDataplane } from "../chart/changed-dataplanes.ts";
import { dataplane, type HelmMajor, helms, type Values, withValues } from "../chart/helm.ts";
import { assignedUser, assignUsers, openShiftLabels } from "./arbitrary-user.ts";
import { createNamespace, type Namespace } from "./namespace.ts";
import {
  buildConfig,
  createRelease,
  fullname,
  imageValues,
  type Release,
  type ReleaseOptions,
  registryValues,
} from "./release.ts";

const parentVersion: string = parse(readFileSync(join(dataplane, "Chart.yaml"), "utf8")).appVersion;
const extraObjects = join(import.meta.dirname, "../../examples/values.extra-objects.yaml");

/** How the registrar comes with a data plane. */
type Form = "embedded" | "extraObjects";

// Both forms render the same in every mode under both Helms (test/chart/examples.test.ts), so each mode is installed in each
// form and under each Helm, but only the first in every combination.
const crossed = [
  [3, "embedded"],
  [4, "extraObjects"],
] as const satisfies [HelmMajor, Form][];
const crossedOver = [
  [3, "extraObjects"],
  [4, "embedded"],
] as const satisfies [HelmMajor, Form][];
const combinations = [...crossed, ...crossedOver];

/** A data plane with the registrar. */
interface Parent extends AsyncDisposable {
  release: Release;
  install(values?: Values, own?: Values): ReturnType<Release["install"]>;
}

/** Prepares the installation of a data plane with the registrar. */
async function createParent(major: HelmMajor, form: Form, options: ReleaseOptions = {}): Promise<Parent> {
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
async function expectWell({ release }: Parent): Promise<string> {
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

beforeAll(assignUsers);

test.each(combinations)(
  "Helm %i, %s: registers the parent's appVersion, and finds the service account of task pods",
  async (major, form) => {
    await using parent = await createParent(major, form);
    const installed = await parent.install();
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    expect(await expectWell(parent)).toContain(`${parent.release.namespace.name}/union`);
  },
);

test.each(crossed)("Helm %i, %s: registers without authentication over plain HTTP", async (major, form) => {
  await using parent = await createParent(major, form, { isAuthless: true });
  const union = { auth: { enable: false }, connection: { insecure: true } };
  const authless = { config: { union }, secrets: { admin: { enable: false } } };
  const installed = await parent.install(authless, { caBundle: { configMap: "" } });
  expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
  await expectWell(parent);
});

test.each(crossedOver)("Helm %i, %s: runs as the user that OpenShift assigns", async (major, form) => {
  await using parent = await createParent(major, form, { namespaceLabels: openShiftLabels });
  const openShift = { imageBuilder: { buildkit: { openShift: { enabled: true } } } };
  const installed = await parent.install(openShift);
  expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
  const pods = await parent.release.namespace.list("pods");
  expect(pods.map(({ spec }) => spec?.securityContext?.runAsUser)).toEqual([assignedUser]);
  await expectWell(parent);
});

test.each(helms)("Helm %i, embedded: leaves nothing but what a hook has left where it is disabled", async (major) => {
  await using parent = await createParent(major, "embedded");
  await parent.install();
  const { namespace, upgrade } = parent.release;
  await upgrade({ imageBuilderRegistrar: { enabled: false } }, "--reset-then-reuse-values");
  const left = await waitFor(
    "the end of the CronJobs",
    async () => {
      const ours = (await namespace.everything()).filter((name) => name.includes("image-builder-registrar"));
      return ours.length === 2 && ours;
    },
    { milliseconds: 30_000 },
  );
  expect(left.map((name) => name.replace(/-[a-z0-9]{5}$/, "")).sort()).toEqual([
    `job.batch/${fullname}-register`,
    `pod/${fullname}-register`,
  ]);
});

/** A namespace of a project and domain, with what the operator and the sync of cluster resources create in it. */
async function createBuildNamespace(): Promise<Namespace> {
  const namespace = await createNamespace({ "union.ai/namespace-type": "flyte" });
  const metadata = { name: "builder" };
  await namespace.create({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  await namespace.create({ ...buildConfig, data: { ...buildConfig.data, "buildkit-uri": "" } });
  return namespace;
}

// The label is the data plane's own, so no two data planes of this kind may be there at once.
test("in a data plane of many namespaces, the check names the one in which builds cannot run", async () => {
  for (const [major, form] of crossed) {
    await using parent = await createParent(major, form);
    await using one = await createBuildNamespace();
    await using other = await createBuildNamespace();
    const values = { low_privilege: false, namespaces: { enabled: true } };
    const installed = await parent.install(values, { check: { serviceAccount: "builder" } });
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    await expectWell(parent);

    await other.kubectl("delete", "configmap/build-image-config", "serviceaccount/builder");
    const { end, log } = await parent.release.runJob("-check");
    expect(end, log).toBe("Failed");
    expect(log.match(/ERROR .*/g), log).toHaveLength(1);
    expect(log).toMatch(/^1 problem, 0 warnings; /m);
    expect(log).toContain(other.name);
    for (const { kubectl, name } of [one, other]) await kubectl("delete", "namespace", name, "--wait=true");
  }
});

describe.each(helms)("what Helm %i renders, applied by kubectl", (major) => {
  test("registers once, whether applied once or twice, and again where the appVersion changes", async () => {
    await using release = await createRelease(major);
    const { apply: applyText, kubectl: inNamespace, list } = release.namespace;
    const apply = async (appVersion: string) => {
      const rendered = await release.template({ appVersion, hooks: { plain: true } });
      const applied = await applyText(rendered);
      const selector = "--selector=app.kubernetes.io/name=image-builder-registrar";
      await inNamespace("wait", "--for=condition=Complete", "job", selector, "--timeout=90s");
      return applied.trim().split("\n");
    };
    await apply("2026.3.4");
    expect(release.currentVersion()).toBe("2026.3.4");
    const again = await apply("2026.3.4");
    expect(again.filter((line) => !line.endsWith(" unchanged"))).toEqual([]);
    expect(await list("jobs")).toHaveLength(1);

    await apply("2026.3.5");
    expect(await list("jobs")).toHaveLength(2);
    expect(release.controlPlane.plane.registrations().map(({ version }) => version)).toEqual(["2026.3.4", "2026.3.5"]);
  });
});

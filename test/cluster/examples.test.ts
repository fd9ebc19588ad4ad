import { join } from "node:path";
import { expect, test } from "vitest";
import { examples, nestedValues, valuesFiles } from "../chart/example-files.ts";
import { chart } from "../chart/helm.ts";
import { helm } from "./helm.ts";
import { createNamespace, type Namespace } from "./namespace.ts";
import { createRelease } from "./release.ts";

/** Installs values and takes them away again. What those sites have cannot be reached from here, so no pod is started. */
async function install(namespace: Namespace, values: readonly string[], input = ""): Promise<void> {
  const quiet = ["--set", "hooks.install=false,hooks.upgrade=false,cronJob.schedule="];
  const where = ["--namespace", namespace.name];
  const installed = await helm(4, ["install", "registrar", chart, ...values, ...quiet, ...where], input);
  expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
}

async function cronJobsIn(namespace: Namespace) {
  return (await namespace.list("cronjobs")).map(({ metadata }) => metadata?.name);
}

test.concurrent.each(valuesFiles.filter((name) => !name.includes("air-gap")))("%s installs", async (name) => {
  await using namespace = await createNamespace();
  await install(namespace, ["--values", join(examples, name)]);
  expect(await cronJobsIn(namespace)).toContain("registrar-image-builder-registrar");
});

test.concurrent.each(nestedValues)("$name installs", async ({ values }) => {
  await using namespace = await createNamespace();
  await install(namespace, ["--values", "-"], JSON.stringify(values));
  expect(await cronJobsIn(namespace)).toContain("registrar-image-builder-registrar");
});

test("the values of an air gap install, and the API server has their network policy", async () => {
  await using namespace = await createNamespace();
  await install(namespace, ["--values", join(examples, "values.air-gap.yaml")]);

  const { items } = JSON.parse(await namespace.kubectl("get", "networkpolicies", "--output=json"));
  const [dns, https, ...others] = items[0].spec.egress;
  expect(dns.to).toBeUndefined();
  expect(dns.ports.map(({ port }: { port: number }) => port)).toEqual([53, 53]);
  expect(https).toMatchObject({ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 443 }, { port: 6443 }] });
  expect(others.every(({ to }: { to: unknown }) => to !== undefined)).toBe(true);

  const removed = await helm(4, ["uninstall", "registrar", "--namespace", namespace.name]);
  expect(removed, removed.stderr).toMatchObject({ exitCode: 0 });
});

test("the values that other charts have reach the pods, and a run takes them", async () => {
  await using release = await createRelease(3);
  const installed = await release.install({
    nameOverride: "builds",
    commonLabels: { team: "platform" },
    extraArgs: ["--output=json"],
    check: { extraArgs: ["--output=short", "--category=settings"] },
    dnsPolicy: "ClusterFirst",
    dnsConfig: { options: [{ name: "ndots", value: "2" }] },
    extraObjects: [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "{{ .Release.Name }}-extra" } },
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}-text'}\n",
    ],
  });
  expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
  expect(await release.recorded("install")).toMatchObject({ state: "registered", codes: [] });

  const [job] = await release.namespace.list("jobs");
  expect(job?.metadata).toMatchObject({ name: "dataplane-builds-register", labels: { team: "platform" } });
  // A list without an element is none, once it is stored.
  expect(job?.spec?.podFailurePolicy?.rules).toHaveLength(2);
  const { log } = await release.endOf("dataplane-builds-register");
  expect(JSON.parse(log)).toMatchObject({ state: "registered" });
  const selected = await release.namespace.kubectl("get", "pods", "--output=name", "--selector=team=platform");
  expect(selected).toContain("pod/dataplane-builds-register-");

  const names = (await release.namespace.list("configmaps")).map(({ metadata }) => metadata?.name);
  expect(names).toEqual(expect.arrayContaining(["dataplane-extra", "dataplane-text"]));
  await release.namespace.kubectl("create", "job", "check-now", "--from=cronjob/dataplane-builds-check");
  expect((await release.endOf("check-now")).log).toContain("0 problems");
});

import { describe, expect, it } from "vitest";
import {
  all,
  chart,
  cronJob,
  dataplane,
  dataplaneValues,
  helms,
  leastValues,
  one,
  podOf,
  rendered,
  scheduledPod,
  settingsOf,
  withValues,
} from "./helm.ts";

const name = "reg-image-builder-registrar";
/** What the check reads where builds run. */
const buildRules = (accounts = ["union", "default"], configMap = "build-image-config") => [
  { apiGroups: [""], resources: ["configmaps"], resourceNames: [configMap], verbs: ["get"] },
  { apiGroups: [""], resources: ["serviceaccounts"], resourceNames: accounts, verbs: ["get"] },
  { apiGroups: [""], resources: ["podtemplates"], resourceNames: ["task-template"], verbs: ["get"] },
];
const endpointSlices = { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list"] };
/** What the Role of the release's namespace allows without the check. */
const otherRules = 3;

describe.each(helms)("registrar check in the chart, under Helm %i", (major) => {
  const render = (values = {}) => rendered(major, chart, withValues(leastValues, values));
  const embedded = (values = {}) => rendered(major, dataplane, withValues(dataplaneValues, values));
  const ruled = async (values = {}) =>
    all(await render(values), "Role").map(({ metadata, rules = [] }) => ({
      where: `${metadata?.namespace}/${metadata?.name}`,
      rules: metadata?.namespace === "union" ? rules.slice(otherRules) : rules,
    }));

  it("is a CronJob that never runs by itself, as the registration's but for command and repeats", async () => {
    const objects = await render({ cronJob: { schedule: "*/5 * * * *" }, backoffLimit: 4 });
    const { metadata, spec } = cronJob(objects, "check");
    expect(metadata?.name).toBe(`${name}-check`);
    expect(spec).toMatchObject({ suspend: true, schedule: "0 0 1 1 *" });
    const job = spec?.jobTemplate.spec;
    const registers = cronJob(objects, "scheduled").spec?.jobTemplate.spec;
    expect(job).toEqual({ ...registers, backoffLimit: 0, template: job?.template });
    expect(job?.template.metadata).toEqual(registers?.template.metadata);

    const [pod, other] = [podOf(spec?.jobTemplate), scheduledPod(objects)];
    expect(pod).toEqual({ ...other, containers: pod.containers });
    const [container, its] = [pod.containers[0], other.containers[0]];
    expect(container?.args).toEqual(["check", "--config", "/etc/registrar/registrar.yaml"]);
    const [trigger, ...environment] = container?.env ?? [];
    expect(trigger).toEqual({ name: "REGISTRAR_TRIGGER", value: "manual" });
    expect(environment).toEqual(its?.env?.slice(1));
    expect({ ...container, args: [], env: [] }).toEqual({ ...its, args: [], env: [] });
  });

  it("is there where nothing registers, too", async () => {
    const objects = await render({ cronJob: { enabled: false }, hooks: { install: false, upgrade: false } });
    expect(cronJob(objects, "check").spec?.suspend).toBe(true);
  });

  it.each([
    ["a".repeat(60), `${"a".repeat(46)}-check`],
    [`${"a".repeat(45)}-${"b".repeat(14)}`, `${"a".repeat(45)}-check`],
    ["a".repeat(46), `${"a".repeat(46)}-check`],
  ])("keeps its name within 52 characters: %s", async (fullnameOverride, expected) => {
    const named = cronJob(await render({ fullnameOverride }), "check").metadata?.name;
    expect(named).toBe(expected);
    expect(named?.length).toBeLessThanOrEqual(52);
  });

  it("leaves nothing of it where it is switched off, not even rights", async () => {
    const check = { enabled: false, buildNamespaces: ["system-production"] };
    const objects = await render({ check, networkPolicy: { enabled: true } });
    const cronJobs = all(objects, "CronJob").map(({ metadata }) => metadata?.name);
    expect(cronJobs.sort()).toEqual([name, `${name}-build`, `${name}-register`, `${name}-register-force`]);
    expect(one(objects, "Role").rules).toHaveLength(otherRules);
    expect(all(objects, "RoleBinding")).toHaveLength(1);
    expect(one(objects, "NetworkPolicy").spec?.egress).toHaveLength(2);
  });

  it("may read what builds read in the release's namespace, and which pods a Service has", async () => {
    expect(await ruled()).toEqual([{ where: `union/${name}`, rules: [endpointSlices, ...buildRules()] }]);
    const task = { configMapName: "other-config", podTemplate: { serviceAccountName: "builder" } };
    expect(await ruled({ task })).toEqual([
      { where: `union/${name}`, rules: [endpointSlices, ...buildRules(["builder"], "other-config")] },
    ]);
    const check = { serviceAccount: "runner" };
    expect((await ruled({ check }))[0]?.rules).toEqual([endpointSlices, ...buildRules(["runner", "union", "default"])]);
    expect(settingsOf(await render({ check })).cluster.buildServiceAccount).toBe("runner");
  });

  it("gets a Role in each namespace of builds, and in the release's only what it needs there", async () => {
    const elsewhere = { buildNamespaces: ["system-production", "production"] };
    expect(await ruled({ check: elsewhere })).toEqual([
      { where: `union/${name}`, rules: [endpointSlices] },
      { where: `system-production/union-${name}`, rules: buildRules() },
      { where: `production/union-${name}`, rules: buildRules() },
    ]);
    const both = { buildNamespaces: ["system-production", "{{ .Release.Namespace }}", "system-production"] };
    expect(await ruled({ check: both })).toEqual([
      { where: `union/${name}`, rules: [endpointSlices, ...buildRules()] },
      { where: `system-production/union-${name}`, rules: buildRules() },
    ]);

    const bindings = all(await render({ check: elsewhere }), "RoleBinding");
    const subjects = [{ kind: "ServiceAccount", name, namespace: "union" }];
    const role = (of: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: of });
    expect(bindings.map(({ metadata, roleRef, subjects: to }) => [metadata?.namespace, roleRef, to])).toEqual([
      ["union", role(name), subjects],
      ["system-production", role(`union-${name}`), subjects],
      ["production", role(`union-${name}`), subjects],
    ]);
    expect(bindings.map(({ metadata, roleRef }) => metadata?.name === roleRef.name)).toEqual([true, true, true]);
  });

  it("makes no Role anywhere where the chart makes none", async () => {
    const objects = await render({ rbac: { create: false }, check: { buildNamespaces: ["system-production"] } });
    expect([...all(objects, "Role"), ...all(objects, "RoleBinding")]).toEqual([]);
    expect(settingsOf(objects).cluster.buildNamespaces).toEqual(["system-production"]);
  });

  it("looks where the values say, else in the release's namespace", async () => {
    expect(settingsOf(await render()).cluster.buildNamespaces).toEqual([]);
    const check = { buildNamespaces: ["system-production", "union", "union"] };
    expect(settingsOf(await render({ check })).cluster.buildNamespaces).toEqual(["system-production", "union"]);
  });

  it("reaches buildkit through the network policy, at the data plane's port", async () => {
    const networkPolicy = { enabled: true };
    const beside = one(await render({ networkPolicy }), "NetworkPolicy").spec?.egress;
    const toBuildkit = (port: number) => ({ to: [{ podSelector: {} }], ports: [{ port, protocol: "TCP" }] });
    expect(beside?.slice(2)).toEqual([toBuildkit(1234)]);
    const imageBuilder = { buildkit: { service: { port: 8372 } } };
    const inside = await embedded({ imageBuilder, imageBuilderRegistrar: { networkPolicy } });
    expect(one(inside, "NetworkPolicy").spec?.egress?.slice(2)).toEqual([toBuildkit(8372)]);
  });

  it("embedded, takes the ConfigMap from the parent", async () => {
    const parent = { imageBuilder: { targetConfigMapName: "builds" } };
    const objects = await embedded(parent);
    expect(cronJob(objects, "check").metadata?.name).toBe(`${name}-check`);
    expect(settingsOf(objects).cluster.buildNamespaces).toEqual([]);
    expect(one(objects, "Role").rules?.slice(otherRules)).toEqual([endpointSlices, ...buildRules(undefined, "builds")]);

    const check = { buildNamespaces: ["system-production"] };
    const listed = await embedded({ ...parent, imageBuilderRegistrar: { check } });
    expect(all(listed, "Role").map(({ metadata }) => metadata?.namespace)).toEqual(["union", "system-production"]);
  });
});

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import {
  all,
  cronJob,
  dataplane,
  dataplaneValues,
  helms,
  rendered,
  scheduledPod,
  settingsOf,
  templated,
  withValues,
} from "./helm.ts";

const ours = (object: { metadata: { name: string } }) => object.metadata.name.includes("image-builder-registrar");

describe.each(helms)("embedded in a data plane chart, under Helm %i", (major) => {
  const render = (values = {}, flags: string[] = []) =>
    rendered(major, dataplane, withValues(dataplaneValues, values), flags);
  const settings = async (values = {}) => settingsOf(await render(values));

  it("needs the switch and nothing else: all is inherited", async () => {
    expect(await settings()).toMatchObject({
      appVersion: "2026.8.3",
      release: { cluster: "prod-us", namespace: "union", name: "reg" },
      controlPlane: {
        endpoint: "dns:///cp.example.com:443",
        org: "acme",
        insecure: false,
        insecureSkipVerify: false,
        auth: {
          type: "clientSecret",
          clientId: "dataplane-operator",
          clientSecretFile: "/etc/registrar-auth/client_secret",
        },
      },
      task: { configMapName: "build-image-config" },
    });
    const objects = await render();
    expect(scheduledPod(objects).containers[0]?.image).toBe("registry.example.com/union/image-builder-registrar:0.1.0");
    expect(objects.filter(ours)).toHaveLength(9);
  });

  it("lets a value of its own win over an inherited one", async () => {
    const own = {
      appVersion: "2026.9.1",
      clusterName: "other",
      controlPlane: { endpoint: "dns:///other", org: "else", insecureSkipVerify: false },
      auth: { clientId: "registrar", existingSecret: "mine", existingSecretKey: "secret" },
      task: { configMapName: "other-config" },
    };
    const config = { union: { connection: { insecure: true, insecureSkipVerify: true } } };
    const objects = await render({ imageBuilderRegistrar: own, config });
    expect(settingsOf(objects)).toMatchObject({
      appVersion: "2026.9.1",
      release: { cluster: "other" },
      controlPlane: {
        endpoint: "dns:///other",
        org: "else",
        insecure: true,
        insecureSkipVerify: false,
        auth: { clientId: "registrar", clientSecretFile: "/etc/registrar-auth/secret" },
      },
      task: { configMapName: "other-config" },
    });
    expect(scheduledPod(objects).volumes).toContainEqual({
      name: "credential",
      secret: { secretName: "mine", items: [{ key: "secret", path: "secret" }], optional: true },
    });
  });

  it("takes the appVersion from a Deployment only where asked", async () => {
    const { appVersion, appVersionFrom } = await settings({
      imageBuilderRegistrar: { appVersionFrom: "deployment/union-operator" },
    });
    expect([appVersion, appVersionFrom]).toEqual([undefined, "deployment/union-operator"]);
  });

  it.each([
    [
      "an endpoint of its own",
      { config: { union: { connection: { host: "dns:///union.cp.svc:80" } } } },
      "dns:///union.cp.svc:80",
    ],
    ["an override", { global: { CONTROLPLANE_GRPC_ENDPOINT: "dns:///grpc.example.com" } }, "dns:///grpc.example.com"],
    ["a host only", { global: { CONTROLPLANE_HOST: "" }, host: "old.example.com" }, "dns:///old.example.com:443"],
    ["no connection", { config: { union: { connection: null } } }, "dns:///cp.example.com"],
  ])("finds the control plane of a data plane with %s", async (_, values, endpoint) => {
    expect((await settings(values)).controlPlane.endpoint).toBe(endpoint);
  });

  it.each([
    ["secrets.admin.enable", { secrets: { admin: { enable: false } } }],
    ["secrets.admin.enabled, which newer charts have", { secrets: { admin: { enabled: false } } }],
    ["config.union.auth.enable", { config: { union: { auth: { enable: false } } } }],
  ])("sends no credentials where %s is off", async (_, values) => {
    expect((await settings(values)).controlPlane.auth).toEqual({ type: "none" });
  });

  it("finds Secret and CAs where the data plane keeps them", async () => {
    const secrets = {
      admin: { existingSecret: { name: "kept-elsewhere" } },
      internalCaCert: { enabled: true, existingSecret: { name: "internal-ca-bundle", caCertKey: "root.pem" } },
    };
    const objects = await render({ secrets });
    expect(settingsOf(objects).controlPlane.caFile).toBe("/etc/registrar-ca/root.pem");
    const volumes = scheduledPod(objects).volumes?.flatMap(({ secret }) => secret?.secretName ?? []);
    expect(volumes).toEqual(["kept-elsewhere", "internal-ca-bundle"]);
  });

  it("inherits where and how pods run, and lets its own win", async () => {
    const parent = {
      scheduling: {
        nodeSelector: { pool: "union" },
        tolerations: [{ key: "union", operator: "Exists" }],
        affinity: { nodeAffinity: {} },
      },
      additionalPodLabels: { team: "platform", mesh: "on" },
      additionalPodAnnotations: { note: "parent" },
      additionalPodEnvVars: { HTTPS_PROXY: "http://proxy:3128", NO_PROXY: ".svc" },
      operator: { imagePullSecrets: [{ name: "pull" }] },
    };
    const pod = scheduledPod(await render(parent));
    expect(pod).toMatchObject({ ...parent.scheduling, ...parent.operator });
    expect(pod.containers[0]?.env).toEqual(
      expect.arrayContaining([
        { name: "HTTPS_PROXY", value: "http://proxy:3128" },
        { name: "NO_PROXY", value: ".svc" },
      ]),
    );
    const own = {
      nodeSelector: { pool: "system" },
      podLabels: { mesh: "off" },
      extraEnv: [{ name: "NO_PROXY", value: ".local" }],
    };
    const objects = await render({ ...parent, imageBuilderRegistrar: own });
    const template = cronJob(objects, "register").spec?.jobTemplate.spec?.template;
    expect(template?.metadata?.labels).toMatchObject({ team: "platform", mesh: "off" });
    expect(template?.metadata?.annotations).toEqual({ note: "parent" });
    expect(scheduledPod(objects).containers[0]?.env?.filter(({ name }) => name === "NO_PROXY")).toEqual(own.extraEnv);
  });

  it("renders templates in its values with the parent's values, and nowhere without them", async () => {
    const own = {
      clusterName: "{{ .Values.config.union.auth.enable }}-cluster",
      fullnameOverride: "{{ .Values.orgName }}",
    };
    const objects = await render({ orgName: "acme", imageBuilderRegistrar: own });
    expect(settingsOf(objects).release.cluster).toBe("true-cluster");
    expect(cronJob(objects, "register").metadata?.name).toBe("acme");
  });

  it("renders nothing where the data plane builds no images", async () => {
    expect((await render({ imageBuilder: { enabled: false } })).filter(ours)).toEqual([]);
  });

  it("leaves the parent as it is, byte for byte, where it is disabled", async () => {
    await using without = await dataplaneWithoutUs();
    const values = { global: dataplaneValues["global"] };
    const [disabled, bare] = [
      await templated(major, dataplane, values),
      await templated(major, without.folder, values),
    ];
    expect(bare.exitCode).toBe(0);
    expect(disabled.stdout).toBe(bare.stdout);
  });

  it("renders as a chart of its own below an umbrella chart, and then only once", async () => {
    const values = {
      imageBuilderRegistrar: { standalone: true, appVersion: "2026.9.1", auth: { clientId: "registrar" } },
    };
    const objects = await render(values);
    expect(all(objects, "CronJob")).toHaveLength(2);
    expect(settingsOf(objects)).toMatchObject({ appVersion: "2026.9.1", controlPlane: { org: "acme" } });
  });
});

/** The parent chart as it was before it embedded ours. */
async function dataplaneWithoutUs() {
  const folder = await mkdtemp(join(tmpdir(), "dataplane-"));
  await cp(dataplane, folder, { recursive: true, filter: (path) => !/charts|image-builder-registrar/.test(path) });
  for (const [name, key] of [
    ["Chart.yaml", "dependencies"],
    ["values.yaml", "imageBuilderRegistrar"],
  ] as const) {
    const { [key]: _, ...rest } = parse(await readFile(join(folder, name), "utf8"));
    await writeFile(join(folder, name), stringify(rest));
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

import { describe, expect, it } from "vitest";
import { bareDataplane, dataplaneWithoutAppVersion } from "./changed-dataplanes.ts";
import { modes } from "./dataplane-modes.ts";
import {
  all,
  cronJob,
  dataplane,
  dataplaneValues,
  helms,
  one,
  rendered,
  scheduledPod,
  settingsOf,
  templated,
  type Values,
  version,
  withValues,
} from "./helm.ts";

const ours = (object: { metadata: { name: string } }) => object.metadata.name.includes("image-builder-registrar");

describe.each(helms)("embedded in a data plane chart, under Helm %i", (major) => {
  const render = (values = {}, flags: string[] = []) =>
    rendered(major, dataplane, withValues(dataplaneValues, values), flags);
  const settings = async (values = {}) => settingsOf(await render(values));

  it.each(modes)("inherits what it needs from a data plane: $name", async ({ values, settings: expected = {} }) => {
    const objects = await render(values);
    expect(settingsOf(objects)).toMatchObject(expected);
    expect(settingsOf(objects).appVersion).toBe("2026.8.3");
    const image = scheduledPod(objects).containers[0]?.image;
    expect(image).toBe(`registry.example.com/union/image-builder-registrar:${version}`);
    const isCluster = settingsOf(objects).cluster.buildNamespaceSelector !== undefined;
    expect(objects.filter(ours)).toHaveLength(isCluster ? 14 : 12);
  });

  it("requires an image and the names that a data plane has anyway, and says which is missing", async () => {
    const missing = async (values: Values) => (await templated(major, dataplane, values)).stderr;
    const { global } = dataplaneValues as { global: object };
    const image = { registry: "registry.example.com/union" };
    expect(await missing({ global, imageBuilderRegistrar: { enabled: true } })).toContain("image.registry is empty");
    const without = (name: string) => ({
      global: { ...global, [name]: "" },
      imageBuilderRegistrar: { enabled: true, image },
    });
    expect(await missing(without("CLUSTER_NAME"))).toContain("clusterName is empty");
    expect(await missing(without("AUTH_CLIENT_ID"))).toContain("auth.clientId is empty");
    expect(await missing(without("CONTROLPLANE_HOST"))).toContain("controlPlane.endpoint is empty");
    expect(await missing(without("ORG_NAME"))).not.toContain("image-builder-registrar:");
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

  it("never guesses a Deployment where the chart that embeds it has no appVersion", async () => {
    await using parent = await dataplaneWithoutAppVersion();
    const { stderr } = await templated(major, parent.folder, dataplaneValues);
    expect(stderr).toContain(
      "the parent chart's Chart.yaml has no appVersion; set imageBuilderRegistrar.appVersion, such as 2026.8.3.",
    );
  });

  it("finds the control plane of a data plane without a connection", async () => {
    const { controlPlane } = await settings({ config: { union: { connection: null } } });
    expect(controlPlane.endpoint).toBe("dns:///cp.example.com");
  });

  it.each([
    ["secrets.admin.enable", { secrets: { admin: { enable: false } } }],
    ["secrets.admin.enabled, which newer charts have", { secrets: { admin: { enabled: false } } }],
    ["config.union.auth.enable", { config: { union: { auth: { enable: false } } } }],
  ])("sends no credentials where %s is off", async (_, values) => {
    expect((await settings(values)).controlPlane.auth).toEqual({ type: "none" });
  });

  it("requests the scope of the data plane, unless it has scopes of its own", async () => {
    const scopesOf = async (values: object) => {
      const { auth } = (await settings(values)).controlPlane;
      return auth.type === "clientSecret" ? auth.scopes : undefined;
    };
    const global = { OIDC_S2S_SCOPE: "api://data-plane/.default" };
    expect(await scopesOf({})).toBeUndefined();
    expect(await scopesOf({ global })).toEqual(["api://data-plane/.default"]);
    const imageBuilderRegistrar = { auth: { scopes: ["api://own/.default"] } };
    expect(await scopesOf({ global, imageBuilderRegistrar })).toEqual(["api://own/.default"]);
  });

  it("inherits nothing that the data plane chart does not have", async () => {
    const values = {
      global: { IMAGE_REPOSITORY_PREFIX: "prefix.example.com", CONTROLPLANE_GRPC_ENDPOINT: "dns:///grpc.example.com" },
      secrets: {
        admin: { existingSecret: { name: "elsewhere" } },
        internalCaCert: { enabled: true, existingSecret: { name: "bundle", caCertKey: "root.pem" } },
      },
    };
    expect(await render(values)).toEqual(await render());
  });

  it.each([
    [{ operator: { imagePullSecrets: [{ name: "a" }] } }, ["a"]],
    [{ commonServiceAccount: { imagePullSecrets: [{ name: "b" }] } }, ["b"]],
    [{ imagePullSecrets: [{ name: "c" }] }, ["c"]],
    [
      {
        operator: { imagePullSecrets: [{ name: "a" }] },
        commonServiceAccount: { imagePullSecrets: [{ name: "b" }, { name: "a" }] },
        imagePullSecrets: null,
      },
      ["a", "b"],
    ],
    [{ global: { imagePullSecrets: ["d", { name: "e" }] } }, ["d", "e"]],
    [{ operator: { imagePullSecrets: [{ name: "a" }] }, global: { imagePullSecrets: ["d", "a"] } }, ["a", "d"]],
    [
      {
        operator: { imagePullSecrets: [{ name: "a" }] },
        global: { imagePullSecrets: ["d"] },
        imageBuilderRegistrar: { imagePullSecrets: [{ name: "own" }] },
      },
      ["own"],
    ],
  ])("pulls its image with the secrets of the data plane's own pods: %j", async (values, expected) => {
    const names = scheduledPod(await render(values)).imagePullSecrets?.map(({ name }) => name);
    expect(names).toEqual(expected);
  });

  it("checks builds in all namespaces of a data plane that has many, unless some are given", async () => {
    const multi = { low_privilege: false, namespaces: { enabled: true } };
    const objects = await render(multi);
    const name = "union-reg-image-builder-registrar";
    expect(one(objects, "ClusterRole")).toMatchObject({
      metadata: { name },
      rules: [
        { apiGroups: [""], resources: ["namespaces"], verbs: ["list"] },
        { resources: ["configmaps"], resourceNames: ["build-image-config"], verbs: ["get"] },
        { resources: ["serviceaccounts"], resourceNames: ["union", "default"], verbs: ["get"] },
        { resources: ["podtemplates"], resourceNames: ["task-template"], verbs: ["get"] },
      ],
    });
    expect(one(objects, "ClusterRoleBinding")).toMatchObject({
      metadata: { name },
      roleRef: { kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: "reg-image-builder-registrar", namespace: "union" }],
    });

    const check = { buildNamespaces: ["flytesnacks-development"] };
    const given = await render({ ...multi, imageBuilderRegistrar: { check } });
    expect(settingsOf(given).cluster).toMatchObject(check);
    expect(settingsOf(given).cluster.buildNamespaceSelector).toBeUndefined();
    expect(all(given, "ClusterRole")).toEqual([]);
    const off = await render({ ...multi, imageBuilderRegistrar: { check: { enabled: false } } });
    expect(all(off, "ClusterRole")).toEqual([]);
    const without = await render({ ...multi, imageBuilderRegistrar: { rbac: { create: false } } });
    expect([...all(without, "ClusterRole"), ...all(without, "ClusterRoleBinding")]).toEqual([]);
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
    const template = cronJob(objects, "scheduled").spec?.jobTemplate.spec?.template;
    expect(template?.metadata?.labels).toMatchObject({ team: "platform", mesh: "off" });
    expect(template?.metadata?.annotations).toEqual({ note: "parent" });
    expect(scheduledPod(objects).containers[0]?.env?.filter(({ name }) => name === "NO_PROXY")).toEqual(own.extraEnv);
  });

  it("inherits how the data plane's pods resolve names and run, and lets its own win", async () => {
    const additionalPodSpec = {
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["10.0.0.2"], options: [{ name: "ndots", value: "2" }] },
      runtimeClassName: "gvisor",
      priorityClassName: "platform",
      hostAliases: [{ ip: "10.0.0.9", hostnames: ["cp.example.com"] }],
    };
    const pod = scheduledPod(await render({ additionalPodSpec: { ...additionalPodSpec, hostNetwork: true } }));
    expect(pod).toMatchObject(additionalPodSpec);
    expect(pod).not.toHaveProperty("hostNetwork");
    const own = { dnsPolicy: "Default", runtimeClassName: "kata", priorityClassName: "other" };
    expect(scheduledPod(await render({ additionalPodSpec, imageBuilderRegistrar: own }))).toMatchObject(own);
  });

  it("renders its extra objects with the parent's values, next to those of the parent", async () => {
    const config = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
    const objects = await render({
      extraObjects: [config("of-parent")],
      imageBuilderRegistrar: { extraObjects: [config("{{ .Values.orgName }}-own"), "kind: Text\nmetadata: {name: x}"] },
      orgName: "acme",
    });
    expect(one(objects, "ConfigMap", "acme-own")).toEqual(config("acme-own"));
    expect(one(objects, "ConfigMap", "of-parent")).toEqual(config("of-parent"));
    expect(objects.filter(({ kind }) => kind === "Text")).toHaveLength(1);
  });

  it("renders templates in its values with the parent's values, and nowhere without them", async () => {
    const own = {
      clusterName: "{{ .Values.config.union.auth.enable }}-cluster",
      fullnameOverride: "{{ .Values.orgName }}",
    };
    const objects = await render({ orgName: "acme", imageBuilderRegistrar: own });
    expect(settingsOf(objects).release.cluster).toBe("true-cluster");
    expect(cronJob(objects, "scheduled").metadata?.name).toBe("acme");
  });

  it("renders nothing where the data plane builds no images", async () => {
    expect((await render({ imageBuilder: { enabled: false } })).filter(ours)).toEqual([]);
  });

  it("leaves the parent as it is, byte for byte, where it is disabled", async () => {
    await using without = await bareDataplane();
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
      imageBuilderRegistrar: {
        standalone: true,
        auth: { clientId: "registrar" },
        clusterName: "prod-us",
        controlPlane: { endpoint: "dns:///cp.example.com", org: "acme" },
      },
    };
    const objects = await render(values);
    expect(all(objects, "CronJob")).toHaveLength(5);
    expect(settingsOf(objects)).toMatchObject({
      appVersionFrom: "deployment/union-operator",
      controlPlane: { org: "acme" },
    });
  });
});

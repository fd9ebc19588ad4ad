import type { Values } from "./helm.ts";

/** A way to run the data plane chart, and what the registrar must make of it. */
export interface Mode {
  name: string;
  /** Values over those of a data plane that works, from the chart's overlays and examples. */
  values: Values;
  /** What the data plane chart renders in addition to what it always renders. */
  renders: readonly string[];
  /** Data of ConfigMap build-image-config, in part; absent if the operator creates it in each namespace. */
  buildConfig?: Record<string, string>;
  /** Settings of the registrar, in part. */
  settings?: object;
}

const ofSingleNamespace = ["ConfigMap build-image-config", "PodTemplate task-template", "ServiceAccount union"];
const buildkit = ["Service union-operator-buildkit"];
const secret = ["Secret union-secret-auth"];
const usual = [...ofSingleNamespace, ...buildkit, ...secret];

/** The modes of the data plane chart 2026.8.3 that bear on remote image builds. */
export const modes: readonly Mode[] = [
  {
    name: "default",
    values: {},
    renders: usual,
    buildConfig: {
      "buildkit-uri": "tcp://union-operator-buildkit.union.svc.cluster.local:1234",
      "default-repository": "union-dataplane",
      "authentication-type": "noop",
    },
    settings: {
      appVersion: "2026.8.3",
      release: { cluster: "prod-us", namespace: "union", name: "reg" },
      controlPlane: {
        endpoint: "dns:///cp.example.com",
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
      cluster: { buildNamespaces: [] },
    },
  },
  {
    name: "AWS",
    values: {
      provider: "aws",
      global: { AWS_ACCOUNT_ID: "123456789012", AWS_REGION: "us-east-2" },
      storage: { provider: "aws", authType: "iam", region: "{{ .Values.global.AWS_REGION }}" },
      imageBuilder: { authenticationType: "aws" },
      // ExternalSecrets creates the Secret.
      secrets: { admin: { create: false } },
    },
    renders: [...ofSingleNamespace, ...buildkit],
    buildConfig: {
      "default-repository": "123456789012.dkr.ecr.us-east-2.amazonaws.com/union-dataplane",
      "authentication-type": "aws",
    },
  },
  {
    name: "AWS with a numeric account id",
    values: { global: { AWS_ACCOUNT_ID: 123456789012 }, storage: { provider: "aws" } },
    renders: usual,
    buildConfig: {
      "default-repository": "%!s(float64=1.23456789012e+11).dkr.ecr.us-east-1.amazonaws.com/union-dataplane",
    },
  },
  {
    name: "GCP",
    values: {
      provider: "gcp",
      storage: { provider: "gcs", region: "us-central1", gcp: { projectId: "acme-prod" } },
      imageBuilder: { authenticationType: "google" },
    },
    renders: usual,
    buildConfig: { "default-repository": "us-central1-docker.pkg.dev/acme-prod/union-dataplane" },
  },
  {
    name: "Azure",
    values: {
      provider: "azure",
      storage: { provider: "custom" },
      imageBuilder: { authenticationType: "azure", registryName: "acme" },
      additionalPodLabels: { "azure.workload.identity/use": "true" },
    },
    renders: usual,
    buildConfig: { "default-repository": "acme.azurecr.io" },
  },
  {
    name: "basic registry login",
    values: { imageBuilder: { authenticationType: "basic", defaultRepository: "ghcr.io/acme/union" } },
    renders: usual,
    buildConfig: { "default-repository": "ghcr.io/acme/union", "authentication-type": "basic" },
  },
  {
    name: "Depot",
    values: {
      imageBuilder: {
        buildkit: { enabled: false },
        authenticationType: "basic",
        defaultRepository: "registry.depot.dev/abc",
      },
    },
    renders: [...ofSingleNamespace, ...secret],
    buildConfig: { "buildkit-uri": "" },
  },
  {
    name: "buildkit elsewhere",
    values: { imageBuilder: { buildkit: { enabled: false }, buildkitUri: "tcp://buildkitd.buildkit.svc:1234" } },
    renders: [...ofSingleNamespace, ...secret],
    buildConfig: { "buildkit-uri": '"tcp://buildkitd.buildkit.svc:1234"' },
  },
  {
    name: "authless",
    values: {
      global: { CONTROLPLANE_HOST: "controlplane-nginx-controller.union-cp.svc.cluster.local", AUTH_CLIENT_ID: "" },
      config: {
        union: {
          auth: { enable: false },
          connection: { host: "dns:///flyteadmin.union-cp.svc.cluster.local:80", insecure: true },
        },
      },
      secrets: { admin: { enable: false } },
    },
    renders: [...ofSingleNamespace, ...buildkit],
    settings: {
      controlPlane: {
        endpoint: "dns:///flyteadmin.union-cp.svc.cluster.local:80",
        insecure: true,
        auth: { type: "none" },
      },
    },
  },
  {
    name: "intra-cluster",
    values: {
      global: { CONTROLPLANE_HOST: "controlplane-nginx-controller.union-cp.svc.cluster.local" },
      config: { union: { connection: { insecureSkipVerify: true } } },
      operator: { enableTunnelService: false },
    },
    renders: usual,
    settings: {
      controlPlane: {
        endpoint: "dns:///controlplane-nginx-controller.union-cp.svc.cluster.local",
        insecure: false,
        insecureSkipVerify: true,
      },
    },
  },
  {
    name: "deprecated host",
    values: { global: { CONTROLPLANE_HOST: "" }, host: "old.example.com" },
    renders: usual,
    settings: { controlPlane: { endpoint: "dns:///old.example.com" } },
  },
  {
    name: "deprecated global host",
    values: { global: { CONTROLPLANE_HOST: "", UNION_CONTROL_PLANE_HOST: "older.example.com" } },
    renders: usual,
    settings: { controlPlane: { endpoint: "dns:///older.example.com" } },
  },
  {
    name: "OpenShift",
    values: {
      imageBuilder: {
        buildkit: {
          openShift: { enabled: true },
          rootless: true,
          hostUsers: false,
          serviceAccount: { create: true, forceDedicated: true, name: "union-imagebuilder" },
        },
      },
      taskPodTemplate: { workingDir: "/tmp" },
    },
    renders: usual,
  },
  {
    name: "multi-namespace",
    values: { low_privilege: false, namespaces: { enabled: true }, clusterresourcesync: { enabled: true } },
    renders: [...buildkit, ...secret],
    settings: { cluster: { buildNamespaceSelector: "union.ai/namespace-type=flyte", buildNamespaces: [] } },
  },
  {
    name: "multi-namespace, as newer charts have it",
    values: { low_privilege: null, namespaces: { enabled: true } },
    renders: [...buildkit, ...secret],
    settings: { cluster: { buildNamespaceSelector: "union.ai/namespace-type=flyte" } },
  },
  {
    name: "full privilege in one namespace",
    values: { low_privilege: false },
    renders: usual,
    settings: { cluster: { buildNamespaces: [] } },
  },
  {
    name: "a registry with pull secrets",
    values: {
      imagePullSecrets: [{ name: "union-registry-secret" }],
      operator: { imagePullSecrets: [{ name: "union-registry-secret" }] },
      commonServiceAccount: { imagePullSecrets: [{ name: "of-service-account" }] },
    },
    renders: usual,
  },
  {
    name: "placed, labelled and behind a proxy",
    values: {
      scheduling: {
        nodeSelector: { pool: "union" },
        tolerations: [{ key: "union", operator: "Exists" }],
        affinity: { nodeAffinity: {} },
      },
      additionalPodLabels: { team: "platform" },
      additionalPodAnnotations: { note: "parent" },
      additionalPodEnvVars: { HTTPS_PROXY: "http://proxy:3128", NO_PROXY: ".svc", LIMIT: 1234567 },
    },
    renders: usual,
  },
];

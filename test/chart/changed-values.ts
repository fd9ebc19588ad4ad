import type { Values } from "./helm.ts";

/** A change of one value that must show in what is rendered, with what must be set for it to matter. */
interface Change {
  path: string;
  to: unknown;
  given?: Values;
}

const withApiKey = {
  global: { AUTH_CLIENT_ID: "dataplane-operator" },
  auth: { type: "apiKey", clientId: "", existingSecret: "key" },
};
const ca = { caBundle: { configMap: "company-ca" } };

/** One change for each value, in the order of values.yaml; only `standalone` means nothing to a chart that is not embedded. */
export const changes: readonly Change[] = [
  { path: "enabled", to: false },
  { path: "fullnameOverride", to: "registrar" },
  { path: "appVersion", to: "2026.9.1" },
  { path: "appVersionFrom", to: "deployment/other", given: { appVersion: "", appVersionFrom: "deployment/one" } },
  { path: "clusterName", to: "prod-eu" },
  { path: "failurePolicy", to: "fail" },
  { path: "whenNewer", to: "replace" },
  { path: "ensureProject", to: false },
  { path: "controlPlane.endpoint", to: "dns:///other.example.com" },
  { path: "controlPlane.org", to: "other" },
  { path: "controlPlane.insecure", to: true },
  { path: "controlPlane.insecureSkipVerify", to: true },
  { path: "auth.type", to: "clientSecret", given: withApiKey },
  { path: "auth.clientId", to: "other" },
  { path: "auth.existingSecret", to: "other" },
  { path: "auth.existingSecretKey", to: "other" },
  { path: "caBundle.configMap", to: "company-ca" },
  { path: "caBundle.secret", to: "company-ca" },
  { path: "caBundle.key", to: "bundle.pem", given: ca },
  { path: "proxy.url", to: "http://proxy:3128" },
  { path: "proxy.noProxy", to: ".svc" },
  { path: "task", to: { domain: "staging" } },
  { path: "timeouts", to: { flyte: "30s" } },
  { path: "hooks.install", to: false },
  { path: "hooks.upgrade", to: false },
  { path: "hooks.rollback", to: true },
  { path: "hooks.test", to: false },
  { path: "hooks.annotations", to: { "argocd.argoproj.io/hook": "PostSync" } },
  { path: "hooks.plain", to: true },
  { path: "cronJob.enabled", to: false },
  { path: "cronJob.schedule", to: "" },
  { path: "check.enabled", to: false },
  { path: "check.buildNamespaces", to: ["system-production"] },
  { path: "activeDeadlineSeconds", to: 120 },
  { path: "backoffLimit", to: 0 },
  { path: "ttlSecondsAfterFinished", to: 0 },
  { path: "image.registry", to: "other.example.com" },
  { path: "image.repository", to: "other" },
  { path: "image.tag", to: "other" },
  { path: "image.digest", to: `sha256:${"0".repeat(64)}` },
  { path: "image.pullPolicy", to: "Always" },
  { path: "imagePullSecrets", to: [{ name: "pull" }] },
  { path: "resources", to: { limits: { memory: "1Gi" } } },
  { path: "nodeSelector", to: { pool: "union" } },
  { path: "tolerations", to: [{ key: "union", operator: "Exists" }] },
  { path: "affinity", to: { nodeAffinity: {} } },
  { path: "topologySpreadConstraints", to: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" }] },
  { path: "priorityClassName", to: "system-cluster-critical" },
  { path: "hostAliases", to: [{ ip: "10.99.0.1", hostnames: ["cp.example.com"] }] },
  { path: "podLabels", to: { team: "platform" } },
  { path: "podAnnotations", to: { "sidecar.istio.io/inject": "false" } },
  { path: "podSecurityContext", to: { fsGroup: 65532 } },
  { path: "securityContext", to: { privileged: false } },
  { path: "extraEnv", to: [{ name: "TZ", value: "UTC" }] },
  { path: "extraEnvFrom", to: [{ secretRef: { name: "proxy" } }] },
  { path: "extraVolumes", to: [{ name: "more", emptyDir: {} }] },
  { path: "extraVolumeMounts", to: [{ name: "more", mountPath: "/more" }] },
  { path: "serviceAccount.create", to: false },
  { path: "serviceAccount.name", to: "registrar" },
  { path: "serviceAccount.annotations", to: { note: "x" } },
  { path: "rbac.create", to: false },
  { path: "cluster.enabled", to: false },
  { path: "cluster.statusConfigMap", to: "registrar-status" },
  { path: "networkPolicy.enabled", to: true },
  { path: "networkPolicy.extraEgress", to: [{ ports: [{ port: 3128 }] }], given: { networkPolicy: { enabled: true } } },
];

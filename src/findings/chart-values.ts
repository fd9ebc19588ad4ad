/**
 * The chart's value for each setting that the chart names differently; every other setting has its own name there. Null:
 * the chart has no value for it. A test compares this with what the chart renders.
 */
const chartValues: Readonly<Record<string, string | null>> = {
  "release.cluster": "clusterName",
  "controlPlane.caFile": "caBundle",
  "controlPlane.proxy": "proxy.url",
  "controlPlane.noProxy": "proxy.noProxy",
  "controlPlane.auth": "auth",
  "controlPlane.auth.type": "auth.type",
  "controlPlane.auth.clientId": "auth.clientId",
  "controlPlane.auth.clientSecretFile": "auth.existingSecret",
  "controlPlane.auth.apiKeyFile": "auth.existingSecret",
  "policy.role": "role",
  "policy.lookAgainAfter": "cronJob.lookAgainAfter",
  "policy.failure": "failurePolicy",
  "policy.whenNewer": "whenNewer",
  "policy.ensureProject": "ensureProject",
  "cluster.buildNamespaces": "check.buildNamespaces",
  "cluster.buildNamespaceSelector": "check.buildNamespaceSelector",
  "cluster.buildServiceAccount": "check.serviceAccount",
  "registry.authFile": "registry.existingSecret",
  "timeouts.total": "activeDeadlineSeconds",
  trigger: null,
  "release.namespace": null,
  "release.name": null,
  "controlPlane.auth.clientSecretVariable": null,
  "controlPlane.auth.command": null,
  "controlPlane.auth.scopes": "auth.scopes",
  "policy.force": null,
  "cluster.settingsConfigMap": null,
  "cluster.chartObjects": null,
  "cluster.jobName": null,
  "cluster.jobUid": null,
  flyteCommand: null,
};

/**
 * The name of a setting among the chart's values.
 * @param path `controlPlane.caFile`, or a path inside of a setting
 * @returns the value's name; nothing if the chart has none
 */
export function chartValueOf(path: string): string | undefined {
  const value = Object.hasOwn(chartValues, path) ? chartValues[path] : path;
  return value ?? undefined;
}

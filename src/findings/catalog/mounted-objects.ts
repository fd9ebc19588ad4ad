import type { ChartObjects, Reader } from "../reader.ts";

/** A key of an object that a file in a pod of the chart is mounted from. */
interface MountedObject {
  kind: "ConfigMap" | "Secret";
  name: string;
  key: string;
}

/** The object that the file of a setting is mounted from in a pod of the chart; nothing for other files. */
export function mountedObject(setting: string, chart: ChartObjects): MountedObject | undefined {
  if (setting === "controlPlane.caFile") return chart.caBundle;
  const credential =
    setting === "registry.authFile" ? chart.registryCredential : controlPlaneCredential(setting, chart);
  return credential && { kind: "Secret", name: credential.secret, key: credential.key };
}

function controlPlaneCredential(setting: string, { credential }: ChartObjects): ChartObjects["credential"] {
  const settings = ["controlPlane.auth.clientSecretFile", "controlPlane.auth.apiKeyFile"];
  return settings.includes(setting) ? credential : undefined;
}

/**
 * A command that puts standard input into the key: it creates the object, or replaces that key of it. What a person pastes there
 * is not in the history of the shell.
 */
export function fillObject({ kind, name, key }: MountedObject, { kubectl }: Reader): string {
  const object = kind === "Secret" ? `secret generic ${name}` : `configmap ${name}`;
  return `${kubectl(`create ${object} --from-file=${key}=/dev/stdin --dry-run=client -o yaml`)} | kubectl apply -f -`;
}

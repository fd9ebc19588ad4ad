import type { ChartObjects, Reader } from "../reader.ts";

/** A key of an object that a file in a pod of the chart is mounted from. */
interface MountedObject {
  kind: "ConfigMap" | "Secret";
  name: string;
  key: string;
}

/** The object that the file of a setting is mounted from in a pod of the chart; nothing for other files. */
export function mountedObject(setting: string, { credential, caBundle }: ChartObjects): MountedObject | undefined {
  if (setting === "controlPlane.caFile") return caBundle;
  const isCredential = ["controlPlane.auth.clientSecretFile", "controlPlane.auth.apiKeyFile"].includes(setting);
  return isCredential && credential ? { kind: "Secret", name: credential.secret, key: credential.key } : undefined;
}

/**
 * A command that puts standard input into the key: it creates the object, or replaces that key of it. What a person pastes there
 * is not in the history of the shell.
 */
export function fillObject({ kind, name, key }: MountedObject, { kubectl }: Reader): string {
  const object = kind === "Secret" ? `secret generic ${name}` : `configmap ${name}`;
  return `${kubectl(`create ${object} --from-file=${key}=/dev/stdin --dry-run=client -o yaml`)} | kubectl apply -f -`;
}

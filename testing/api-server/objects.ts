import type { Labels } from "./label-selector.ts";
import type { ListedNamespace } from "./namespace-list.ts";
import type { Asked } from "./status.ts";

/** What stands in a namespace. */
export interface NamespaceObjects {
  labels?: Labels;
  /** It is being deleted. */
  isTerminating?: boolean;
  /** Data of ConfigMaps by name. */
  configMaps?: Record<string, Record<string, string>>;
  /** Kubernetes makes the account "default" in each namespace, which is what there is unless told otherwise. */
  serviceAccounts?: readonly string[];
  /** Annotations of these accounts, by their name. */
  annotations?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** PodTemplates by name, with the service account of their pods. */
  podTemplates?: Readonly<Record<string, { serviceAccountName?: string }>>;
}

/** The document of an object by its name. */
export function objectOf(objects: NamespaceObjects | undefined, { resource, name }: Asked): object | undefined {
  const { configMaps = {}, serviceAccounts = ["default"], annotations = {}, podTemplates = {} } = objects ?? {};
  switch (resource) {
    case "configmaps":
      return configMaps[name] && { kind: "ConfigMap", data: configMaps[name] };
    case "serviceaccounts":
      if (!objects || !serviceAccounts.includes(name)) return undefined;
      return {
        kind: "ServiceAccount",
        metadata: { name, ...(annotations[name] && { annotations: annotations[name] }) },
      };
    case "podtemplates":
      return podTemplates[name] && { kind: "PodTemplate", template: { spec: podTemplates[name] } };
    default:
      return undefined;
  }
}

/** All namespaces, for a list. */
export function listed(all: Readonly<Record<string, NamespaceObjects>>): ListedNamespace[] {
  return Object.entries(all).map(([name, { labels = {}, isTerminating = false }]) => ({
    name,
    // As Kubernetes labels every namespace.
    labels: { ...labels, "kubernetes.io/metadata.name": name },
    isTerminating,
  }));
}

/** As Kubernetes makes them: one slice for a Service, with null in place of an empty list. */
export function endpointSlices(states: readonly boolean[] | undefined): object[] {
  if (!states) return [];
  const endpoints = states.map((ready) => ({ addresses: ["10.0.0.1"], conditions: { ready } }));
  return [{ addressType: "IPv4", endpoints: endpoints.length === 0 ? null : endpoints }];
}

/** A Deployment with the variables of its container `operator`. */
export function deployment(env: readonly object[]): object {
  return { spec: { template: { spec: { containers: [{ name: "operator", env }] } } } };
}

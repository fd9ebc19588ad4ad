/** A container's name and its environment variables with plain values. */
interface ContainerEnvironment {
  name: string;
  environment: Readonly<Record<string, string>>;
}

/** What becomes an Event; Kubernetes shows it under the object for an hour. */
export interface ClusterEvent {
  type: "Normal" | "Warning";
  /** In CamelCase, as Kubernetes writes reasons. */
  reason: string;
  message: string;
}

/** The Job that a run belongs to, by which `kubectl describe job` finds its Events. */
interface JobReference {
  name: string;
  uid: string;
}

/** Makes the error for an answer of the API server: its message, with the HTTP status as a field. */
export function apiServerError(status: number, message: string): Error {
  return Object.assign(new Error(message), { status });
}

/**
 * Whether the API server said that something is not there. It is known by its status and not by a class: what throws it
 * is in a bundle of its own, where the class would be another one.
 */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 404;
}

/** An error of there being no cluster to ask: neither a kubeconfig nor a pod. */
export function noCluster(): Error {
  return Object.assign(new Error("there is no kubeconfig here, and this is no pod"), { code: "NO_CLUSTER" });
}

/** Whether it is one of `noCluster`. */
export function isNoCluster(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "NO_CLUSTER";
}

/** The few things that a run asks of a Kubernetes cluster, or tells it. Each throws a sentence of the API server's. */
export interface Cluster {
  readonly namespace: string;
  /** The version of the API server; anybody whom it knows may ask. */
  version(): Promise<string>;
  readDeployment(name: string): Promise<ContainerEnvironment[]>;
  /** The data of a ConfigMap. */
  readConfigMap(name: string): Promise<Readonly<Record<string, string>>>;
  /** Sets these keys and leaves the others. */
  patchConfigMap(name: string, data: Readonly<Record<string, string>>): Promise<void>;
  /** Whether there is a service account of this name. */
  hasServiceAccount(name: string): Promise<boolean>;
  /** How many pods a Service has, by its EndpointSlices; nothing where there are none, as without such a Service. */
  podsBehind(service: string): Promise<{ ready: number; notReady: number } | undefined>;
  createEvent(job: JobReference, event: ClusterEvent, time: Date): Promise<void>;
}

/**
 * Opens the cluster of the pod, or of the kubeconfig.
 * @param namespace where to look; empty: the pod's, or that of the kubeconfig's context
 * @param signal ends every request
 * @throws where there is neither
 */
export type OpenCluster = (namespace: string, signal: AbortSignal) => Promise<Cluster>;

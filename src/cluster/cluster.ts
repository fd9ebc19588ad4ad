/** A container's name and its environment variables with plain values. */
interface ContainerEnvironment {
  name: string;
  environment: Readonly<Record<string, string>>;
}

/** An Event; Kubernetes keeps it for an hour. */
export interface ClusterEvent {
  type: "Normal" | "Warning";
  /** In CamelCase, like all reasons in Kubernetes. */
  reason: string;
  message: string;
}

/** The Job that a run belongs to, by which `kubectl describe job` finds its Events. */
interface JobReference {
  name: string;
  uid: string;
}

/** A namespace of a cluster. */
export interface FoundNamespace {
  name: string;
  /** Its deletion has begun: nothing can be created in it any more. */
  isTerminating: boolean;
}

/** Makes the error for an answer of the API server: its message, with the HTTP status as a field. */
export function apiServerError(status: number, message: string): Error {
  return Object.assign(new Error(message), { status });
}

/**
 * Whether the API server said that something is not there. It is known by its status and not by a class: what throws it
 * is in a separate bundle, where the class would be another one.
 */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 404;
}

/** Whether the API server denied the request. */
export function isForbidden(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 403;
}

/** An error of there being no cluster to ask: neither a kubeconfig nor a pod. */
export function noCluster(reason = "there is no kubeconfig here"): Error {
  return Object.assign(new Error(`${reason}, and this is no pod`), { code: "NO_CLUSTER" });
}

/** Whether it is one of `noCluster`. */
export function isNoCluster(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "NO_CLUSTER";
}

/** What a run reads from and writes to a Kubernetes cluster. Errors have the API server's message. */
export interface Cluster {
  readonly namespace: string;
  /** The same cluster with its connection and login, in another namespace. */
  inNamespace(namespace: string): Cluster;
  /** The version of the API server; every authenticated user may read it. */
  version(): Promise<string>;
  readDeployment(name: string): Promise<ContainerEnvironment[]>;
  /** The data of a ConfigMap. */
  readConfigMap(name: string): Promise<Readonly<Record<string, string>>>;
  /** Sets these keys of the data, and these annotations, and keeps the others. */
  patchConfigMap(
    name: string,
    data: Readonly<Record<string, string>>,
    annotations?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Whether a service account of this name exists. */
  hasServiceAccount(name: string): Promise<boolean>;
  /** The annotations of a service account. */
  readAnnotations(serviceAccount: string): Promise<Readonly<Record<string, string>>>;
  /** The service account that a PodTemplate gives to pods made from it; nothing if it names none. */
  readPodTemplate(name: string): Promise<{ serviceAccount: string | undefined }>;
  /** All namespaces of the cluster that a label selector finds, as kubectl takes it: `team=a,env in (x, y)`. */
  listNamespaces(labelSelector: string): Promise<FoundNamespace[]>;
  /** The number of pods of a Service, from its EndpointSlices; nothing if there are none, as for a missing Service. */
  podsBehind(service: string): Promise<{ ready: number; notReady: number } | undefined>;
  createEvent(job: JobReference, event: ClusterEvent, time: Date): Promise<void>;
}

/**
 * Opens the cluster of the pod, or of the kubeconfig.
 * @param namespace where to look; empty: the pod's, or that of the kubeconfig's context
 * @param signal ends every request
 * @throws if there is neither
 */
export type OpenCluster = (namespace: string, signal: AbortSignal) => Promise<Cluster>;

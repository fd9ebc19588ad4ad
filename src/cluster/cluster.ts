/** Milliseconds for what is only told to, or asked of, a cluster: also after SIGTERM, when 5 s are left in all. */
export const patience = 3_000;

/** A container's name and the environment variables that it is given as plain values. */
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

/** The few things that a run asks of a Kubernetes cluster, or tells it. Each throws a sentence of the API server's. */
export interface Cluster {
  readonly namespace: string;
  readDeployment(name: string): Promise<ContainerEnvironment[]>;
  /** The data of a ConfigMap. */
  readConfigMap(name: string): Promise<Readonly<Record<string, string>>>;
  /** Sets these keys and leaves the others. */
  patchConfigMap(name: string, data: Readonly<Record<string, string>>): Promise<void>;
  createEvent(job: JobReference, event: ClusterEvent): Promise<void>;
}

/**
 * Opens the cluster of the pod, or of the kubeconfig.
 * @param namespace where to look; empty: the pod's, or that of the kubeconfig's context
 * @param signal ends every request
 * @throws where there is neither
 */
export type OpenCluster = (namespace: string, signal: AbortSignal) => Promise<Cluster>;

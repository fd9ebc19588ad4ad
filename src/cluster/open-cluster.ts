import type { Environment, ReadFile } from "../system/surroundings.ts";
import type { Cluster, OpenCluster } from "./cluster.ts";
import { type ClusterAccess, clusterAccess } from "./cluster-access.ts";

/** The client of a cluster, which is loaded only by runs that use one. */
interface ClusterClient {
  connectCluster(access: ClusterAccess, namespace: string, signal: AbortSignal): Cluster;
}

/** Opens the cluster of this environment; the client is loaded once there is one to ask. */
export function clusterOpener(
  environment: Environment,
  readFile: ReadFile,
  loadClient: () => Promise<ClusterClient>,
): OpenCluster {
  return async (namespace, signal) => {
    const access = clusterAccess(environment, readFile);
    return (await loadClient()).connectCluster(access, namespace, signal);
  };
}

import type { ServiceImpl } from "@connectrpc/connect";
import type { ClusterService } from "#flyteidl2/cluster/service_pb.js";

/** Names the endpoint of the data plane, whatever it is asked for. */
export function clusterService(dataPlane: () => string): ServiceImpl<typeof ClusterService> {
  return { selectCluster: () => ({ clusterEndpoint: dataPlane() }) };
}

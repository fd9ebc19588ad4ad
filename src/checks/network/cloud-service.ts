import type { Cloud, PrivateWay } from "../../findings/catalog/cloud-fixes.ts";

/** A server of a cloud that builds need. */
export interface CloudService {
  host: string;
  /** What builds do there, in words that follow the host. */
  purpose: string;
  /** How a private network reaches it; `none`: over public addresses alone. */
  way: PrivateWay;
  /** The AWS endpoint service of a VPC: `com.amazonaws.eu-central-1.ecr.api`; absent where its name is not known. */
  endpointService?: string;
  /** Of a dual-stack name of ECR: the host whose name endpoints of a VPC take over. */
  privateHost?: string;
  /** It exists only if the registry has it: that its name is unknown is no fault. */
  isOptional?: true;
}

/** What builds need of a cloud, or why that is nothing. */
export type CloudNeeds = { cloud: Cloud; services: readonly CloudService[] } | { nothing: string };

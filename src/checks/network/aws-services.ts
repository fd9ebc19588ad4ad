import type { AwsDomain, EcrHost } from "../../registry/ecr-host.ts";
import type { CloudService } from "./cloud-service.ts";

/** How AWS names its servers in one partition, with its plain names and its dual-stack ones. */
interface Partition {
  /** Domain of dual-stack APIs; absent where no dual-stack registry is known. */
  api?: string;
  /** What the names of endpoint services begin with; absent where they are not known. */
  endpoints?: string;
  /** Whether that of STS is known too. */
  hasStsEndpoint?: true;
}

/** By the domain of their plain names. Source: endpoint rules of the AWS SDK; AWS PrivateLink guide for endpoint services. */
const partitions = {
  "amazonaws.com": { api: "api.aws", endpoints: "com.amazonaws", hasStsEndpoint: true },
  "amazonaws.com.cn": { api: "api.amazonwebservices.com.cn", endpoints: "cn.com.amazonaws" },
  "amazonaws.eu": {},
  "c2s.ic.gov": {},
  "sc2s.sgov.gov": {},
} as const satisfies Record<AwsDomain, Partition>;

/** The domain of a region's plain names: `cn-north-1` is in China, `eusc-de-east-1` in the European sovereign cloud. */
function domainOfRegion(region: string): AwsDomain {
  if (region.startsWith("cn-")) return "amazonaws.com.cn";
  return region.startsWith("eusc-") ? "amazonaws.eu" : "amazonaws.com";
}

/**
 * The servers that builds need for a registry of ECR: its API, itself, and the bucket with its layers, which is the region's.
 * FIPS endpoint services have names that are not known here.
 */
export function ecrServices(registry: EcrHost): CloudService[] {
  const { host, account, region, isFips, isDualStack, domain } = registry;
  const partition: Partition = partitions[domain];
  const fips = isFips ? "-fips" : "";
  const endpoint = (name: string) => endpointOf(isFips ? undefined : partition.endpoints, region, name);
  const api = isDualStack ? `ecr${fips}.${region}.${partition.api}` : `api.ecr${fips}.${region}.${domain}`;
  const privateHost = isDualStack ? { privateHost: `${account}.dkr.ecr${fips}.${region}.${domain}` } : {};
  const interfaces: CloudService[] = [
    { host: api, purpose: "the API of ECR", way: "interface", ...endpoint("ecr.api"), ...privateHost },
    { host, purpose: "the registry", way: "interface", ...endpoint("ecr.dkr"), ...privateHost },
  ];
  return [...interfaces, layerBucket(region, domain)];
}

/** The servers of a region's ECR as far as they are the same for every account. */
export function ecrServicesOfRegion(region: string): CloudService[] {
  const domain = domainOfRegion(region);
  const partition: Partition = partitions[domain];
  const host = `api.ecr.${region}.${domain}`;
  const endpoint = endpointOf(partition.endpoints, region, "ecr.api");
  return [{ host, purpose: "the API of ECR", way: "interface", ...endpoint }, layerBucket(region, domain)];
}

/** The bucket has a gateway endpoint: its name stays public, and routes lead to S3. */
function layerBucket(region: string, domain: AwsDomain): CloudService {
  const { endpoints }: Partition = partitions[domain];
  return {
    host: `prod-${region}-starport-layer-bucket.s3.${region}.${domain}`,
    purpose: "the bucket with the layers of ECR",
    way: "gateway",
    ...endpointOf(endpoints, region, "s3"),
  };
}

/**
 * STS, which exchanges the token of a service account for its role. It follows the registry's kind of names, as the AWS SDK's
 * rules do; GovCloud's STS is FIPS under its plain name.
 * @param region that of the cluster, which may not be the registry's
 */
export function stsService(region: string, registry: EcrHost | undefined): CloudService {
  const domain = registry?.domain ?? domainOfRegion(region);
  const partition: Partition = partitions[domain];
  const isFips = registry?.isFips === true && !region.startsWith("us-gov-");
  const isDualStack = registry?.isDualStack === true && !registry.isFips;
  const host = isDualStack ? `sts.${region}.${partition.api}` : `sts${isFips ? "-fips" : ""}.${region}.${domain}`;
  const isKnown = partition.hasStsEndpoint === true && !isFips;
  return {
    host,
    purpose: "STS, for the role of the build pods' service account",
    way: "interface",
    ...endpointOf(isKnown ? partition.endpoints : undefined, region, "sts"),
  };
}

function endpointOf(prefix: string | undefined, region: string, name: string): { endpointService?: string } {
  return prefix === undefined ? {} : { endpointService: `${prefix}.${region}.${name}` };
}

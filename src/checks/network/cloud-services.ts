import type { Cloud } from "../../findings/catalog/cloud-fixes.ts";
import { azurePattern, cloudOfHost, googlePattern } from "../../registry/cloud-hosts.ts";
import { parseEcrHost } from "../../registry/ecr-host.ts";
import type { NetworkSettings } from "../../settings/network-schema.ts";
import { ecrServices, ecrServicesOfRegion, stsService } from "./aws-services.ts";
import type { CloudNeeds, CloudService } from "./cloud-service.ts";

/** What determines which servers builds need. */
interface Builds {
  /** `default-repository` of the ConfigMap. */
  repository: string;
  /** Whether the build pods' service account has a role of AWS (`eks.amazonaws.com/role-arn`). */
  hasRole: boolean;
}

/** Docker Hub's registry, which `docker.io` and names without a host mean. */
const dockerHub = "registry-1.docker.io";

/**
 * The host of the registry in a repository's name, in lower case and without a port; a name without a host is one on Docker Hub.
 * @param repository as builds have it: `host[:port]/path`, `path`, or a host alone
 */
export function registryHost(repository: string): string {
  const [first = ""] = repository.toLowerCase().split("/");
  if (!/[.:]|^localhost$/.test(first)) return dockerHub;
  const host = first.replace(/:\d+$/, "");
  return ["docker.io", "index.docker.io"].includes(host) ? dockerHub : host;
}

/**
 * The servers of a cloud that builds need, by the registry's host; `network.cloud` names the cloud where the host does not tell
 * it. `network.region` is that of the cluster: a registry of ECR has a region in its name, which counts for the registry.
 */
export function cloudNeeds({ repository, hasRole }: Builds, { cloud, region }: NetworkSettings): CloudNeeds {
  const host = registryHost(repository);
  if (cloud === "none") return { nothing: "network.cloud is none" };
  const found = cloud === "auto" ? cloudOfHost(host) : cloud;
  if (found === undefined) return { nothing: `${host} belongs to no cloud that is known here` };
  const services = servicesOf[found]({ host, region, hasRole });
  return services.length === 0
    ? { nothing: `network.cloud is ${found}, but ${host} is not its registry, and network.region is not set` }
    : { cloud: found, services };
}

interface Registry {
  host: string;
  region: string | undefined;
  hasRole: boolean;
}

const servicesOf: Readonly<Record<Cloud, (registry: Registry) => CloudService[]>> = {
  aws: ({ host, region, hasRole }) => {
    const registry = parseEcrHost(host);
    const ofCluster = region ?? registry?.region;
    const ofRegistry = registry ? ecrServices(registry) : region === undefined ? [] : ecrServicesOfRegion(region);
    return hasRole && ofCluster !== undefined ? [...ofRegistry, stsService(ofCluster, registry)] : ofRegistry;
  },
  google: ({ host, region }) => {
    const registry = googlePattern.test(host) ? host : region && `${region}-docker.pkg.dev`;
    return registry ? [{ host: registry, purpose: "the registry", way: "google" }] : [];
  },
  azure: ({ host, region }) => {
    const [, name, domain] = azurePattern.exec(host) ?? [];
    if (name === undefined) return [];
    const registry: CloudService = { host, purpose: "the registry", way: "private-link" };
    if (region === undefined) return [registry];
    const data = `${name}.${region}.data.${domain}`;
    return [registry, { host: data, purpose: "its layers", way: "private-link", isOptional: true }];
  },
};

import type { Reader } from "../reader.ts";

/** Clouds whose services builds may need. */
export type Cloud = "aws" | "google" | "azure";

/**
 * How a private network reaches a server: by an interface endpoint, whose private DNS changes the addresses of its name; by a
 * gateway endpoint, which changes only routes; by Private Google Access; by a private endpoint of Azure; or not at all.
 */
export type PrivateWay = "interface" | "gateway" | "google" | "private-link" | "none";

/** Servers that builds need, all reached in one way. */
export interface Servers {
  hosts: readonly string[];
  way: PrivateWay;
  /** AWS endpoint services of these hosts, as far as their names are known. */
  endpointServices: readonly string[];
}

/** `a`, `a and b`, `a, b and c` */
export function listText(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

/** `a resolves`, `a and b resolve` */
export function verbOf({ hosts }: Servers, singular: string, plural: string): string {
  return `${listText(hosts)} ${hosts.length === 1 ? singular : plural}`;
}

/** Which endpoints, by their services if these are known: `com.amazonaws.eu-central-1.ecr.api and …`. */
function endpointsText({ hosts, endpointServices }: Servers): string {
  return listText(endpointServices.length > 0 ? endpointServices : hosts);
}

/** Private DNS is an answer of Amazon's own resolver and of no other. */
const onlyRoute53 =
  "a custom DNS server never sees private DNS, so it has to forward these names to the VPC's Route 53 resolver";

/** Gives a name private addresses. */
export function fixPrivateName(servers: Servers, { setting }: Reader): string {
  switch (servers.way) {
    case "interface":
    case "gateway":
      return `Create VPC interface endpoints for ${endpointsText(servers)} with private DNS enabled; if they exist, enable private DNS on them (enableDnsSupport and enableDnsHostnames of the VPC too); ${onlyRoute53}.`;
    case "google":
      return `Enable Private Google Access in the subnet of buildkit's nodes, which also works over public addresses, and set ${setting("network.requirePrivate")} to false; or create a private DNS zone that maps ${listText(servers.hosts)} to 199.36.153.8/30 (private.googleapis.com) or 199.36.153.4/30 (restricted.googleapis.com).`;
    case "private-link":
    case "none":
      return `Create a private endpoint for the registry, and link its privatelink DNS zone to the network of buildkit's nodes; or set ${setting("network.requirePrivate")} to false.`;
  }
}

/** Gives buildkit a way to servers whose addresses are public. */
export function fixMissingWay(servers: Servers): string {
  const orInternet = "or give buildkit's nodes a route to the internet (NAT gateway, firewall)";
  switch (servers.way) {
    case "interface":
      return `Create VPC interface endpoints for ${endpointsText(servers)} with private DNS enabled (${onlyRoute53}), ${orInternet}.`;
    case "gateway":
      return `Create a VPC gateway endpoint for ${endpointsText(servers)}, and associate it with the route tables of buildkit's subnets: the name keeps its public addresses; allow TCP 443 to its prefix list in security groups and network ACLs; ${orInternet}.`;
    case "google":
      return `Enable Private Google Access in the subnet of buildkit's nodes (gcloud compute networks subnets update <subnet> --enable-private-ip-google-access), ${orInternet}.`;
    case "private-link":
      return `Create a private endpoint for the registry, and link its privatelink DNS zone to the network of buildkit's nodes, ${orInternet}: ${listText(servers.hosts)}.`;
    case "none":
      return `Allow TCP 443 from buildkit to ${listText(servers.hosts)} (NetworkPolicy, firewall), ${orInternet}.`;
  }
}

/**
 * Lets buildkit's packets through to servers whose addresses are private.
 * @param cidrs of the network, as they are set; empty if they are not
 */
export function fixBlockedWay(servers: Servers, cidrs: readonly string[]): string {
  const blocks =
    cidrs.length > 0
      ? listText(cidrs)
      : "all CIDR blocks of the VPC, the secondary ones of pods too (EKS often has them in 100.64.0.0/10)";
  const policy = "and outbound TCP 443 in the NetworkPolicy of buildkit's pods";
  switch (servers.way) {
    case "interface":
    case "gateway":
      return `Allow inbound TCP 443 in the security group of the VPC endpoints for ${endpointsText(servers)} from ${blocks}, ${policy}.`;
    case "google":
      return `Allow outbound TCP 443 to 199.36.153.8/30 or 199.36.153.4/30 in the network's firewall, with a route to them (next hop default-internet-gateway), ${policy}: ${listText(servers.hosts)}.`;
    case "private-link":
    case "none":
      return `Allow TCP 443 from buildkit's nodes to ${listText(servers.hosts)} in the network security group of the private endpoint, ${policy}.`;
  }
}

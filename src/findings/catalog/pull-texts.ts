import type { Reader } from "../reader.ts";

/** What buildkit says about images. */
export interface PullArgs {
  /** The references for which it says the same. */
  images: readonly string[];
  /** Of the server that it is about; empty if buildkit names none. */
  host: string;
  /** To which buildkit has tried to connect, `10.0.0.1:443`; empty if that is not known. */
  address: string;
  /** Whether that is an address of the cluster's own networks. */
  isPrivate?: boolean | undefined;
}

/** How many images a sentence names; a data plane may have dozens. */
const mostNamed = 4;

/** `a, b and c`, `a, b, c and 9 more`. */
export function imagesText(images: readonly string[]): string {
  const named = images.length > mostNamed ? images.slice(0, mostNamed - 1) : images.slice(0, -1);
  const last = images.length > mostNamed ? `${images.length - named.length} more` : (images.at(-1) ?? "an image");
  return named.length > 0 ? `${named.join(", ")} and ${last}` : last;
}

/** The host, or what it is if buildkit does not name it. */
export function hostText(host: string): string {
  return host === "" ? "the registry" : host;
}

/** The host and the address to which buildkit connects. */
export function placeText({ host, address }: PullArgs): string {
  return address === "" ? hostText(host) : `${hostText(host)} (${address})`;
}

/** The way out where buildkit does not reach a registry; follows "or". */
export const mirrorIt =
  "copy the image into a registry that buildkit reaches (registrar images mirror), and name that as a mirror in imageBuilder.buildkit.extraConfig of the data plane";

/** buildkit asks the original registry for what a mirror does not have. */
const lacking = "An image that a configured mirror lacks looks like this too.";

const giveWay = "a VPC endpoint with private DNS, or a route to the internet";

/** What to do about a connection of buildkit's that nobody answers. */
export function openTheWay(args: PullArgs): string {
  const place = placeText(args);
  if (args.isPrivate === false) return `Give buildkit a way to ${place}: ${giveWay}; or ${mirrorIt}. ${lacking}`;
  const inside = `Allow TCP to ${place} from buildkit: in its NetworkPolicies (egress), and in the security group of what listens there, whose inbound rules must hold the addresses of nodes and pods.`;
  if (args.isPrivate === true) return inside;
  return `${inside} If the address is a public one, give buildkit a way there: ${giveWay}; or ${mirrorIt}. ${lacking}`;
}

/** Shows a server's certificates where this run's network is. */
export function showCertificate({ host }: PullArgs, { probe }: Reader): string {
  return probe("openssl", `s_client -connect ${host.includes(":") ? host : `${host}:443`} -showcerts`);
}

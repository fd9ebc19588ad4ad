import type { Reader } from "../reader.ts";
import { type At, curl, entry, exitCodes } from "./code-entry.ts";
import { askRegistry, authorityOf, hostOf } from "./endpoint-texts.ts";
import { imageCodes } from "./image-codes.ts";
import { registryLoginCodes } from "./registry-login-codes.ts";

const exit = exitCodes.failed;

/** Where the program asked from: kubelet and buildkit may see something else (DNS, CAs, proxy, mirrors). */
const here = ({ chart }: Reader) => (chart ? "seen from this pod" : "seen from here");

/** Connections to container registries, and what answers there. */
export const registryCodes = {
  "registry-name-unknown": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }, reader) => `the host name of the registry ${endpoint} does not resolve, ${here(reader)}`,
    fix: ({ endpoint }) =>
      `Correct the host in the reference of the image, or add a DNS record for ${hostOf(endpoint)} (private zone, VPC endpoint).`,
    next: ({ endpoint }, { probe }) => probe("getent", `hosts ${hostOf(endpoint)}`),
  }),
  "registry-refused": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }, reader) => `the registry ${endpoint} refuses connections, ${here(reader)}`,
    fix: ({ endpoint }) =>
      `Start what serves ${authorityOf(endpoint)}, or correct the port in the reference of the image.`,
    next: curl,
  }),
  "registry-timeout": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }, reader) => `the registry ${endpoint} does not answer in time, ${here(reader)}`,
    fix: ({ endpoint }, { setting }) =>
      `Allow TCP to ${authorityOf(endpoint)} (NetworkPolicy, security group, firewall, VPC endpoint), or set ${setting("controlPlane.proxy")} if a proxy leads there.`,
    next: curl,
  }),
  "registry-unreachable": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }, reader) => `there is no route to the registry ${endpoint}, ${here(reader)}`,
    fix: ({ endpoint }, { setting }) =>
      `Create a route to ${authorityOf(endpoint)} (VPC endpoint, peering, NAT), or set ${setting("controlPlane.proxy")} if a proxy leads there.`,
    next: curl,
  }),
  "registry-reset": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }, reader) => `the connection to the registry ${endpoint} was cut off, ${here(reader)}`,
    fix: ({ endpoint }) =>
      `Find what ends connections to ${authorityOf(endpoint)} (firewall, load balancer, TLS inspection), and have it pass them.`,
    next: curl,
  }),
  "registry-page-answered": entry<At & { status: number }>({
    exit,
    what: ({ endpoint, status }, reader) =>
      `a web page answers in place of the registry ${endpoint}: HTTP ${status}, ${here(reader)}`,
    fix: ({ endpoint }, { setting }) =>
      `Allow ${hostOf(endpoint)} in the web filter or proxy that shows the page (see why), or set ${setting("controlPlane.proxy")} to one that may pass.`,
    next: askRegistry,
  }),
  "registry-not-spoken": entry<At>({
    exit,
    what: ({ endpoint }, reader) => `${endpoint} does not answer as a container registry does, ${here(reader)}`,
    fix: ({ endpoint }) =>
      `Correct host and port in the reference of the image: what answers at ${authorityOf(endpoint)} has no /v2/ API (see why).`,
    next: askRegistry,
  }),
  "registry-redirects-insecurely": entry<At & { location: string }>({
    exit,
    what: ({ endpoint, location }) => `the registry ${endpoint} redirects to ${location}, which is plain HTTP`,
    fix: ({ location }, { setting }) =>
      `Have the registry redirect to https:// (behind a proxy, its external URL), or add ${authorityOf(location)} to ${setting("registry.insecureHosts")}.`,
    next: askRegistry,
  }),
  "registry-rate-limited": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }, reader) => `the registry ${endpoint} limits the rate of requests, ${here(reader)}`,
    fix: (_args, { setting }) =>
      `Set ${setting("registry.authFile")} to a login, whose limit is higher, or use a mirror of the images.`,
    next: askRegistry,
  }),
  "registry-unavailable": entry<At & { status: number }>({
    exit,
    transient: true,
    what: ({ endpoint, status }, reader) =>
      `the registry ${endpoint} cannot answer now: HTTP ${status}, ${here(reader)}`,
    fix: ({ endpoint }) =>
      `Wait until the registry at ${authorityOf(endpoint)} is back; if it is your own, its log says why it fails.`,
    next: askRegistry,
  }),
  "registry-rejected": entry<At & { status: number; image: string }>({
    exit,
    what: ({ endpoint, status, image }) => `the registry ${endpoint} rejects the request for ${image}: HTTP ${status}`,
    fix: ({ endpoint }) =>
      `Correct what the registry names (see why); the log of ${authorityOf(endpoint)} may say more.`,
    next: askRegistry,
  }),
  ...registryLoginCodes,
  ...imageCodes,
} as const;

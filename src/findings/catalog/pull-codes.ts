import type { Reader } from "../reader.ts";
import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** What buildkit says about images. */
interface PullArgs {
  /** The references for which it says the same. */
  images: readonly string[];
  /** Of the server that it is about; empty if buildkit names none. */
  host: string;
  /** To which buildkit has tried to connect, `10.0.0.1:443`; empty if that is not known. */
  address: string;
  /** Whether that is an address of the cluster's own networks. */
  isPrivate?: boolean | undefined;
}

/** `a and b`; of many, the first ones. */
function list(images: readonly string[]): string {
  const shown = images.length > 4 ? [...images.slice(0, 3), `${images.length - 3} more`] : images;
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : `${shown[0] ?? "an image"}`;
}

const findPods = () => "kubectl get pods --all-namespaces | grep buildkit";

const again = (_: PullArgs, reader: Reader) => reader.command("check");

const nameOf = (host: string) => (host === "" ? "the registry" : host);

const place = ({ host, address }: PullArgs) => (address === "" ? nameOf(host) : `${nameOf(host)} (${address})`);

const mirrorIt =
  "copy the image into a registry that buildkit reaches (registrar images mirror), and name that as a mirror in imageBuilder.buildkit.extraConfig of the data plane";

/** What to do about a connection of buildkit's that nobody answers. */
function openTheWay(args: PullArgs): string {
  const inside = `Allow TCP to ${place(args)} from buildkit: in its NetworkPolicies (egress), and in the security group of what listens there, whose inbound rules must hold the addresses of nodes and pods`;
  const outside = `Give buildkit a way to ${place(args)}: a VPC endpoint with private DNS, or a route to the internet; or ${mirrorIt}`;
  if (args.isPrivate === true) return `${inside}.`;
  if (args.isPrivate === false) return `${outside}.`;
  return `${inside}. If the address is a public one, give buildkit a way there: a VPC endpoint with private DNS, or a route to the internet; or ${mirrorIt}.`;
}

/** Seen by buildkit: what its network, its CAs and its mirrors give, which may be different for nodes and other pods. */
export const pullCodes = {
  "pull-name-unknown": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${list(images)}: ${nameOf(host)} does not resolve for it`,
    fix: ({ host }) =>
      `Correct the host ${host} in the image's name, or add it to the DNS that the cluster asks (a private zone, the private DNS of a VPC endpoint); or ${mirrorIt}. With a mirror, this is also said of an image that the mirror lacks.`,
    next: ({ host }, { probe }) => probe("getent", `hosts ${host}`),
  }),
  "pull-dns-broken": entry<PullArgs>({
    exit,
    what: ({ images, host }) =>
      `buildkit cannot pull ${list(images)}: DNS fails for it when it looks up ${nameOf(host)}`,
    fix: ({ host }) =>
      `Correct what answers the cluster's DNS about ${nameOf(host)}: the forwarders in CoreDNS (kubectl -n kube-system get configmap coredns -o yaml), or the server of the zone.`,
    next: () => "kubectl -n kube-system logs -l k8s-app=kube-dns --tail=50",
  }),
  "pull-dns-silent": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${list(images)}: no DNS server answers it about ${nameOf(host)}`,
    fix: () =>
      "Allow UDP and TCP port 53 from buildkit to the cluster's DNS, and from there to its forwarders (kubectl -n kube-system get configmap coredns -o yaml).",
    next: () => "kubectl get networkpolicies --all-namespaces",
  }),
  "pull-dial-timeout": entry<PullArgs>({
    exit,
    what: (args) => `buildkit cannot pull ${list(args.images)}: nothing answers it at ${place(args)}`,
    fix: openTheWay,
    next: () => "kubectl get networkpolicies --all-namespaces",
  }),
  "pull-no-answer": entry<PullArgs>({
    exit,
    what: (args) =>
      `buildkit has not answered within 8 s whether it can pull ${list(args.images)}: mostly, nothing answers it at ${place(args)}, or where that redirects to for layers`,
    fix: openTheWay,
    next: () => "kubectl get networkpolicies --all-namespaces",
  }),
  "pull-unreachable": entry<PullArgs>({
    exit,
    what: (args) => `buildkit cannot pull ${list(args.images)}: it has no route to ${place(args)}`,
    fix: (args) =>
      `Give buildkit's nodes a route to ${place(args)}; if that is an IPv6 address and the cluster has none, remove it from the DNS; or ${mirrorIt}.`,
    next: findPods,
  }),
  "pull-refused": entry<PullArgs>({
    exit,
    what: (args) => `buildkit cannot pull ${list(args.images)}: ${place(args)} refuses its connections`,
    fix: ({ host }) =>
      `Correct the host and port ${host} in the image's name or in the mirrors of imageBuilder.buildkit.extraConfig, or start the registry there.`,
    next: findPods,
  }),
  "pull-reset": entry<PullArgs>({
    exit,
    what: (args) => `buildkit cannot pull ${list(args.images)}: its connection to ${place(args)} is cut off`,
    fix: ({ host }) =>
      `Allow ${nameOf(host)} in the firewall or proxy between buildkit and it, which cuts off what it does not allow; or ${mirrorIt}.`,
    next: findPods,
  }),
  "pull-not-tls": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${list(images)}: ${nameOf(host)} speaks HTTP without TLS`,
    fix: ({ host }) =>
      `Set http = true for [registry."${host}"] in imageBuilder.buildkit.extraConfig, or let ${nameOf(host)} serve TLS.`,
    next: findPods,
  }),
  "pull-ca-unknown": entry<PullArgs>({
    exit,
    what: ({ images, host }) =>
      `buildkit cannot pull ${list(images)}: it does not trust the CA of the certificate of ${nameOf(host)}`,
    fix: ({ host }) =>
      `Set ca = ["<file in the pod>"] for [registry."${host}"] in imageBuilder.buildkit.extraConfig, to the CA of the registry or of the firewall that inspects TLS. Build pods need that CA too (SSL_CERT_FILE).`,
    next: ({ host }, { probe }) => probe("openssl", `s_client -connect ${withPort(host)} -showcerts`),
  }),
  "pull-wrong-host": entry<PullArgs>({
    exit,
    what: ({ images, host }) =>
      `buildkit cannot pull ${list(images)}: the certificate that it gets from ${nameOf(host)} is for other names`,
    fix: ({ host }) =>
      `Correct the DNS of ${nameOf(host)}, at whose address another server answers, or issue a certificate for that name.`,
    next: ({ host }, { probe }) => probe("openssl", `s_client -connect ${withPort(host)}`),
  }),
  "pull-certificate": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${list(images)}: TLS with ${nameOf(host)} fails`,
    fix: ({ host }) => `Renew the certificate of ${nameOf(host)}, or correct the clock of buildkit's node.`,
    next: ({ host }, { probe }) => probe("openssl", `s_client -connect ${withPort(host)}`),
  }),
  "pull-missing": entry<PullArgs>({
    exit,
    what: ({ images }) =>
      `buildkit cannot pull ${list(images)}: the registry, or the mirror that buildkit asks, does not have it`,
    fix: () =>
      "Correct the name or the tag; where imageBuilder.buildkit.extraConfig names a mirror, copy the image there: registrar images mirror.",
    next: again,
  }),
  "pull-login-required": entry<PullArgs>({
    exit,
    what: ({ images, host }) =>
      `${nameOf(host)} answers buildkit, but requires a login for ${list(images)}, or does not have it: this check has asked without the credentials of builds`,
    fix: ({ host }) =>
      `Give builds the credentials: imageBuilder.authenticationType for the cloud's own registry, or registry_secret of the image (flyte create secret --type image_pull) with a login for ${nameOf(host)}.`,
    next: again,
  }),
  "pull-forbidden": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${list(images)}: ${nameOf(host)} forbids it`,
    fix: ({ host }) =>
      `Allow pulls from ${nameOf(host)} in what has answered: the policy of the repository or of the VPC endpoint, or the firewall; or ${mirrorIt}.`,
    next: findPods,
  }),
  "pull-rate-limited": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${list(images)} now: ${nameOf(host)} limits its requests`,
    fix: () =>
      "Copy the image into a registry of your own (registrar images mirror), or give builds a login there by registry_secret: limits for anonymous clients count per address.",
    next: again,
  }),
  "pull-server-error": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${list(images)}: ${nameOf(host)} fails`,
    fix: ({ host }) => `Wait until ${nameOf(host)} is repaired, whose log says why it fails; or ${mirrorIt}.`,
    next: again,
  }),
  "pull-proxy-page": entry<PullArgs>({
    exit,
    what: ({ images }) =>
      `buildkit cannot pull ${list(images)}: it gets a web page in place of the image, from a proxy or a firewall`,
    fix: () => `Allow the registry in the proxy or firewall that answers buildkit; or ${mirrorIt}.`,
    next: findPods,
  }),
  "pull-architecture": entry<PullArgs>({
    exit,
    what: ({ images }) => `buildkit cannot pull ${list(images)}: there is none for the architecture of its node`,
    fix: () =>
      "Copy the image with all its platforms (registrar images mirror does), or push it for the architecture of buildkit's node.",
    next: () => "kubectl get nodes -L kubernetes.io/arch",
  }),
  "pull-login-helper": entry<PullArgs>({
    exit,
    what: ({ images }) =>
      `buildkit cannot pull ${list(images)}: the program that has the credentials fails in the build's pod`,
    fix: () =>
      "Correct imageBuilder.authenticationType of the data plane, which chooses the program, or the rights of the build's service account.",
    next: () => "kubectl get configmaps --all-namespaces | grep build",
  }),
  "pull-token-endpoint": entry<PullArgs>({
    exit,
    what: (args) =>
      `buildkit cannot check ${list(args.images)}: the registry answers, but buildkit gets no token from ${place(args)}`,
    fix: ({ host }) =>
      `Allow build pods to connect to ${nameOf(host)}, and give them its CA (SSL_CERT_FILE): in a build, the build's pod asks for the token and not buildkit.`,
    next: ({ host }, { probe }) => probe("curl", `-sS https://${nameOf(host)}/`),
  }),
  "pull-other": entry<PullArgs>({
    exit,
    what: ({ images }) => `buildkit cannot pull ${list(images)}, for a reason that this program does not know`,
    fix: () =>
      "Read what buildkit says in the reason above and in its log, and compare with imageBuilder.buildkit.extraConfig of the data plane.",
    next: findPods,
  }),
} as const;

function withPort(host: string): string {
  return host.includes(":") ? host : `${host}:443`;
}

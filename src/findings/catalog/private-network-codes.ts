import type { Reader } from "../reader.ts";
import { shellQuote } from "../shell-quote.ts";
import { fixBlockedWay, fixMissingWay, fixPrivateName, listText, type Servers, verbOf } from "./cloud-fixes.ts";
import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** Who asked for a name, or for a connection. */
interface Seen extends Servers {
  /** Pods share the cluster's DNS; buildkit's pod may have its own. */
  seenBy: "pods" | "buildkit";
}

const askForName = ({ hosts }: Servers, { probe }: Reader) => probe("getent", `ahosts ${hosts[0]}`);
const showPolicies = () => "kubectl get networkpolicies --all-namespaces";
const requirePrivate = ({ setting }: Reader) => `${setting("network.requirePrivate")} is true`;

/** The way from buildkit to the servers of a cloud that builds need: their names, and connections. */
export const privateNetworkCodes = {
  "depot-needs-internet": entry<{ name: string }>({
    exit,
    what: ({ name }, reader) =>
      `the data plane has no buildkit (key buildkit-uri of ConfigMap ${name} is empty), so Depot builds images, which is on the internet; and ${requirePrivate(reader)}`,
    fix: (_args, { setting }) =>
      `Set imageBuilder.buildkit.enabled of the data plane to true; if builds may use Depot, set ${setting("network.requirePrivate")} to false.`,
    next: ({ name }, { kubectl }) => kubectl(`get configmap ${shellQuote(name)} -o yaml`),
  }),
  "egress-name-unknown": entry<Seen>({
    exit,
    what: (args) =>
      `${verbOf(args, "does", "do")} not resolve ${args.seenBy === "buildkit" ? "for buildkit" : "in this cluster"}`,
    fix: ({ way, hosts, seenBy }, { setting }) => {
      if (seenBy === "buildkit") {
        return `Give buildkit's pods the cluster's DNS (dnsPolicy ClusterFirst, no dnsConfig.nameservers of their own), where ${listText(hosts)} ${hosts.length === 1 ? "resolves" : "resolve"}.`;
      }
      if (way === "interface" || way === "gateway") {
        return `Correct the region in imageBuilder.defaultRepository (or ${setting("network.region")}), or have the cluster's DNS forward ${listText(hosts)} to the VPC's Route 53 resolver or to public DNS: any account's name resolves there, so only the region can be wrong.`;
      }
      return `Correct the host in imageBuilder.defaultRepository, or have the cluster's DNS forward ${listText(hosts)} to a server that knows it.`;
    },
    next: askForName,
  }),
  "egress-dns-failed": entry<Seen>({
    exit,
    what: ({ hosts, seenBy }) =>
      `no DNS server answers ${seenBy === "buildkit" ? "buildkit" : "pods"} about ${listText(hosts)}`,
    fix: ({ seenBy }) =>
      seenBy === "buildkit"
        ? "Allow UDP and TCP 53 from buildkit's pods to the cluster's DNS (NetworkPolicy), and start it: kubectl -n kube-system get pods -l k8s-app=kube-dns."
        : "Start the cluster's DNS (kubectl -n kube-system get pods -l k8s-app=kube-dns), and correct the servers that it forwards to: one that does not answer is enough.",
    next: askForName,
  }),
  "egress-name-sinkholed": entry<Servers>({
    exit,
    what: (args) => `${verbOf(args, "resolves", "resolve")} to an address of this machine itself, which leads nowhere`,
    fix: ({ hosts }) =>
      `Allow ${listText(hosts)} in the DNS filter that answers for the cluster (a firewall's block list, a hosts entry, kubectl -n kube-system get configmap coredns -o yaml).`,
    next: askForName,
  }),
  "egress-name-public": entry<Servers>({
    exit,
    what: (args, reader) => `${verbOf(args, "resolves", "resolve")} to public addresses, and ${requirePrivate(reader)}`,
    fix: fixPrivateName,
    next: askForName,
  }),
  "egress-name-split": entry<Servers>({
    exit,
    what: (args, reader) =>
      `${verbOf(args, "resolves", "resolve")} to private and public addresses, and ${requirePrivate(reader)}: some connections leave the network`,
    fix: ({ hosts }, { setting }) =>
      `Correct the records of ${listText(hosts)} in the private zone (a leftover one is public, or two DNS servers answer in turn); if the public addresses are the network's own, set ${setting("network.cidrs")} to its CIDR blocks.`,
    next: askForName,
  }),
  "egress-name-unproven": entry<Servers>({
    exit,
    what: (args, reader) =>
      `${verbOf(args, "has", "have")} IPv6 addresses of which nothing says that they are private, and ${requirePrivate(reader)}`,
    fix: (_args, { setting }) =>
      `Set ${setting("network.cidrs")} to the CIDR blocks of the network, the IPv6 block too: the addresses of private endpoints are taken from it, and nothing else tells them from public ones.`,
    next: askForName,
  }),
  "egress-name-dual-stack": entry<Servers & { privateHosts: readonly string[] }>({
    exit,
    what: (args, reader) =>
      `${verbOf(args, "is a dual-stack name", "are dual-stack names")} with public addresses, which private DNS of VPC endpoints may not cover, and ${requirePrivate(reader)}`,
    fix: ({ privateHosts, endpointServices }) =>
      `Set imageBuilder.defaultRepository to the repository at ${listText(privateHosts)}${endpointServices.length > 0 ? `, with VPC interface endpoints for ${listText(endpointServices)}` : ""}.`,
    next: askForName,
  }),
  "egress-zone-unlinked": entry<Servers>({
    exit,
    what: (args) =>
      `${verbOf(args, "has", "have")} a private endpoint (privatelink), but ${args.hosts.length === 1 ? "resolves" : "resolve"} to public addresses here: its private DNS zone is not linked to this network`,
    fix: ({ hosts }) =>
      `Create a virtual network link of the private DNS zone to the network of buildkit's nodes (az network private-dns link vnet create), or have a custom DNS server forward ${listText(hosts)} to 168.63.129.16.`,
    next: askForName,
  }),
  "egress-endpoint-missing": entry<Servers>({
    exit,
    what: (args) => `buildkit gets no connection to ${listText(args.hosts)}, whose addresses are public`,
    fix: (args) => fixMissingWay(args),
    next: askForName,
  }),
  "egress-endpoint-blocked": entry<Servers & { cidrs: readonly string[] }>({
    exit,
    what: (args) =>
      `buildkit gets no connection to ${listText(args.hosts)}, whose addresses are private: something drops its packets`,
    fix: ({ cidrs, ...servers }) => fixBlockedWay(servers, cidrs),
    next: showPolicies,
  }),
  "egress-refused": entry<Servers>({
    exit,
    what: ({ hosts }) => `connections from buildkit to ${listText(hosts)} are refused`,
    fix: ({ hosts }) =>
      `Allow TCP 443 from buildkit to ${listText(hosts)} in what refuses it (a firewall that rejects, a proxy without this host), or correct the address that its DNS gives: kubectl -n kube-system get configmap coredns -o yaml.`,
    next: askForName,
  }),
  "egress-unclear": entry<Servers>({
    exit,
    what: ({ hosts }) => `the answer of buildkit about ${listText(hosts)} does not say whether builds get there`,
    fix: ({ hosts }) =>
      `Read the log of buildkit about ${listText(hosts)} (kubectl --namespace <buildkit's namespace> logs <pod>), and correct what why names.`,
    next: showPolicies,
  }),
} as const;

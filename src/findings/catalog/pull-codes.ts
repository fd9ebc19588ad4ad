import type { Reader } from "../reader.ts";
import { entry, exitCodes } from "./code-entry.ts";
import { hostText, imagesText, mirrorIt, openTheWay, type PullArgs, placeText, showCertificate } from "./pull-texts.ts";

const exit = exitCodes.failed;

const findPods = () => "kubectl get pods --all-namespaces | grep buildkit";

const checkAgain = (_: PullArgs, reader: Reader) => reader.command("check");

/** Seen by buildkit: what its network, its CAs and its mirrors give, which may be different for nodes and other pods. */
export const pullCodes = {
  "pull-name-unknown": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${imagesText(images)}: ${hostText(host)} does not resolve for it`,
    fix: ({ host }) =>
      `Correct the host ${host} in the image's name, or add it to the DNS that the cluster asks (a private zone, the private DNS of a VPC endpoint); or ${mirrorIt}. With a mirror, this is also said of an image that the mirror lacks.`,
    next: ({ host }, { probe }) => probe("getent", `hosts ${host}`),
  }),
  "pull-dns-broken": entry<PullArgs>({
    exit,
    what: ({ images, host }) =>
      `buildkit cannot pull ${imagesText(images)}: DNS fails for it when it looks up ${hostText(host)}`,
    fix: ({ host }) =>
      `Correct what answers the cluster's DNS about ${hostText(host)}: the forwarders in CoreDNS (kubectl -n kube-system get configmap coredns -o yaml), or the server of the zone.`,
    next: () => "kubectl -n kube-system logs -l k8s-app=kube-dns --tail=50",
  }),
  "pull-dns-silent": entry<PullArgs>({
    exit,
    what: ({ images, host }) =>
      `buildkit cannot pull ${imagesText(images)}: no DNS server answers it about ${hostText(host)}`,
    fix: () =>
      "Allow UDP and TCP port 53 from buildkit to the cluster's DNS, and from there to its forwarders (kubectl -n kube-system get configmap coredns -o yaml).",
    next: () => "kubectl get networkpolicies --all-namespaces",
  }),
  "pull-dial-timeout": entry<PullArgs>({
    exit,
    what: (args) => `buildkit cannot pull ${imagesText(args.images)}: nothing answers it at ${placeText(args)}`,
    fix: openTheWay,
    next: () => "kubectl get networkpolicies --all-namespaces",
  }),
  "pull-no-answer": entry<PullArgs>({
    exit,
    what: (args) =>
      `buildkit has not said in time whether it can pull ${imagesText(args.images)}: mostly because nothing answers it at ${placeText(args)}, or at the host of its layers`,
    fix: openTheWay,
    next: () => "kubectl get networkpolicies --all-namespaces",
  }),
  "pull-unreachable": entry<PullArgs>({
    exit,
    what: (args) => `buildkit cannot pull ${imagesText(args.images)}: it has no route to ${placeText(args)}`,
    fix: (args) =>
      `Give buildkit's nodes a route to ${placeText(args)}; if that is an IPv6 address and the cluster has none, remove it from the DNS; or ${mirrorIt}.`,
    next: findPods,
  }),
  "pull-refused": entry<PullArgs>({
    exit,
    what: (args) => `buildkit cannot pull ${imagesText(args.images)}: ${placeText(args)} refuses its connections`,
    fix: ({ host }) =>
      `Correct the host and port ${host} in the image's name or in the mirrors of imageBuilder.buildkit.extraConfig, or start the registry there.`,
    next: findPods,
  }),
  "pull-reset": entry<PullArgs>({
    exit,
    what: (args) => `buildkit cannot pull ${imagesText(args.images)}: its connection to ${placeText(args)} is cut off`,
    fix: ({ host }) =>
      `Allow ${hostText(host)} in the firewall or proxy between buildkit and it, which cuts off what it does not allow; or ${mirrorIt}.`,
    next: findPods,
  }),
  "pull-not-tls": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${imagesText(images)}: ${hostText(host)} speaks HTTP without TLS`,
    fix: ({ host }) =>
      `Set http = true for [registry."${host}"] in imageBuilder.buildkit.extraConfig, or let ${hostText(host)} serve TLS.`,
    next: findPods,
  }),
  "pull-ca-unknown": entry<PullArgs>({
    exit,
    what: ({ images, host }) =>
      `buildkit cannot pull ${imagesText(images)}: it does not trust the CA of the certificate of ${hostText(host)}`,
    fix: ({ host }) =>
      `Set ca = ["<file in the pod>"] for [registry."${host}"] in imageBuilder.buildkit.extraConfig, to the CA of the registry or of the firewall that inspects TLS. Build pods need that CA too (SSL_CERT_FILE).`,
    next: showCertificate,
  }),
  "pull-wrong-host": entry<PullArgs>({
    exit,
    what: ({ images, host }) =>
      `buildkit cannot pull ${imagesText(images)}: the certificate that it gets from ${hostText(host)} is for other names`,
    fix: ({ host }) =>
      `Correct the DNS of ${hostText(host)}, at whose address another server answers, or issue a certificate for that name.`,
    next: showCertificate,
  }),
  "pull-certificate": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${imagesText(images)}: TLS with ${hostText(host)} fails`,
    fix: ({ host }) =>
      `Renew the certificate of ${hostText(host)} if it has expired, or correct the clock of buildkit's node or the TLS settings of ${hostText(host)} (see why).`,
    next: showCertificate,
  }),
  "pull-missing": entry<PullArgs>({
    exit,
    what: ({ images }) =>
      `buildkit cannot pull ${imagesText(images)}: the registry, or the mirror that buildkit asks, does not have it`,
    fix: () =>
      "Correct the name or the tag; where imageBuilder.buildkit.extraConfig names a mirror, copy the image there: registrar images mirror.",
    next: checkAgain,
  }),
  "pull-login-required": entry<PullArgs>({
    exit,
    what: ({ images, host }) =>
      `${hostText(host)} answers buildkit, but requires a login for ${imagesText(images)}, or does not have it: this check has asked without the credentials of builds`,
    fix: ({ host }, { setting }) =>
      `Give builds the credentials: imageBuilder.authenticationType for the cloud's own registry, or registry_secret of the image (flyte create secret --type image_pull) with a login for ${hostText(host)}. To have check ask with a login, set ${setting("registry.authFile")} and ${setting("registry.sendToBuildkit")}.`,
    next: checkAgain,
  }),
  "pull-forbidden": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${imagesText(images)}: ${hostText(host)} forbids it`,
    fix: ({ host }) =>
      `Allow pulls from ${hostText(host)} in what has answered: the policy of the repository or of the VPC endpoint, or the firewall; or ${mirrorIt}.`,
    next: findPods,
  }),
  "pull-rate-limited": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${imagesText(images)} now: ${hostText(host)} limits its requests`,
    fix: () =>
      "Copy the image into a registry of your own (registrar images mirror), or give builds a login there by registry_secret: limits for anonymous clients count per address.",
    next: checkAgain,
  }),
  "pull-server-error": entry<PullArgs>({
    exit,
    what: ({ images, host }) => `buildkit cannot pull ${imagesText(images)}: ${hostText(host)} fails`,
    fix: ({ host }) => `Wait until ${hostText(host)} is repaired, whose log says why it fails; or ${mirrorIt}.`,
    next: checkAgain,
  }),
  "pull-proxy-page": entry<PullArgs>({
    exit,
    what: ({ images }) =>
      `buildkit cannot pull ${imagesText(images)}: it gets a web page in place of the image, from a proxy or a firewall`,
    fix: () => `Allow the registry in the proxy or firewall that answers buildkit; or ${mirrorIt}.`,
    next: findPods,
  }),
  "pull-architecture": entry<PullArgs>({
    exit,
    what: ({ images }) => `buildkit cannot pull ${imagesText(images)}: there is none for the architecture of its node`,
    fix: () =>
      "Copy the image with all its platforms (registrar images mirror does), or push it for the architecture of buildkit's node.",
    next: () => "kubectl get nodes -L kubernetes.io/arch",
  }),
  "pull-token-endpoint": entry<PullArgs>({
    exit,
    what: (args) =>
      `buildkit cannot check ${imagesText(args.images)}: the registry answers, but buildkit gets no token from ${placeText(args)}`,
    fix: ({ host }) =>
      `Allow build pods to connect to ${hostText(host)}, and give them its CA (SSL_CERT_FILE): in a build, the build's pod asks for the token and not buildkit.`,
    next: ({ host }, { probe }) => probe("curl", `-sS https://${hostText(host)}/`),
  }),
  "pull-other": entry<PullArgs>({
    exit,
    what: ({ images }) => `buildkit cannot pull ${imagesText(images)}, for a reason that this program does not know`,
    fix: () =>
      "Read what buildkit says (see why) and its log, and compare with imageBuilder.buildkit.extraConfig of the data plane.",
    next: findPods,
  }),
} as const;

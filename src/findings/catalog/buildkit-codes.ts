import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** The way from build pods to buildkit. */
export const buildkitCodes = {
  "buildkit-address-malformed": entry<{ address: string }>({
    exit,
    what: ({ address }) => `the address of buildkit, "${address}", is not tcp://host:port`,
    fix: () =>
      "Set imageBuilder.buildkitUri of the data plane to tcp://<host>:<port>; or set imageBuilder.buildkit.enabled to true and remove buildkitUri, so that the data plane chart fills it in.",
    next: () => "kubectl get services --all-namespaces | grep buildkit",
  }),
  "buildkit-name-unknown": entry<{ host: string }>({
    exit,
    what: ({ host }) => `the host name of buildkit, ${host}, does not resolve here`,
    fix: () => "Set imageBuilder.buildkit.enabled of the data plane to true, or correct imageBuilder.buildkitUri.",
    next: ({ host }, { probe }) => probe("getent", `hosts ${host}`),
  }),
  "buildkit-refused": entry<{ address: string }>({
    exit,
    what: ({ address }) => `buildkit at ${address} refuses connections: none of its pods is ready`,
    fix: () => "Start buildkit (kubectl describe its pods), or correct the port in imageBuilder.buildkitUri.",
    next: () => "kubectl get pods --all-namespaces | grep buildkit",
  }),
  "buildkit-scaled-to-zero": entry<{ address: string; service: string; namespace: string }>({
    exit,
    what: ({ address, service }) => `buildkit at ${address} refuses connections: Service ${service} has no pods`,
    fix: ({ service, namespace }) =>
      `Scale it up: kubectl -n ${shellQuote(namespace)} scale deployment ${shellQuote(service)} --replicas=1 (the Deployment usually has the Service's name); if an autoscaler scaled it to zero, raise its minimum to 1.`,
    next: () => "kubectl get deployments,hpa --all-namespaces | grep buildkit",
  }),
  "buildkit-timeout": entry<{ address: string }>({
    exit,
    what: ({ address }) => `buildkit at ${address} does not answer`,
    fix: ({ address }) => `Allow TCP from the build namespaces to ${address} (NetworkPolicy, security group).`,
    next: () => "kubectl get networkpolicies --all-namespaces",
  }),
  "buildkit-tls": entry<{ address: string }>({
    exit,
    what: ({ address }) => `buildkit at ${address} speaks TLS, which this program does not support`,
    fix: () =>
      "Start buildkitd without --tlscert and --tlscacert, and let only build pods reach its port: imageBuilder.buildkitUri has no place for certificates. Builds that succeed as it is show that only this program cannot ask it.",
    next: ({ address }, { probe }) => probe("openssl", `s_client -connect ${address}`),
  }),
  "buildkit-foreign": entry<{ address: string }>({
    exit,
    what: ({ address }) => `what listens at ${address} does not answer as buildkit does (gRPC over HTTP/2 without TLS)`,
    fix: () =>
      "Set imageBuilder.buildkitUri of the data plane to the port of buildkitd; if it is that port, its log says why it broke off.",
    next: () => "kubectl get services,pods --all-namespaces | grep buildkit",
  }),
} as const;

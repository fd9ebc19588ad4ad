import { shellQuote } from "../shell-quote.ts";
import { type At, curl, entry, exitCodes } from "./code-entry.ts";
import { authorityOf } from "./endpoint-texts.ts";
import { placeFlags, placeText, type Where } from "./place-texts.ts";

const exit = exitCodes.controlPlane;

/** The way from the control plane to the data plane that is to build. */
export const buildRoutingCodes = {
  "build-not-routed": entry<Where>({
    exit,
    what: (args) => `no cluster builds for ${placeText(args)}: its queue, or the default pool, leads to none`,
    fix: (args) =>
      `Set run.default_queue of ${placeText(args)} to a queue of this data plane (flyte edit settings ${placeFlags(args)}), or put its cluster into the pool that why names and enable it; the control plane keeps an old answer for up to 30 minutes.`,
    next: (args) => `flyte edit settings ${placeFlags(args)}`,
  }),
  "build-cluster-unhealthy": entry<Where>({
    exit,
    transient: true,
    what: (args) => `the control plane has no healthy connection to the cluster that builds for ${placeText(args)}`,
    fix: (args) =>
      `Start union-operator and operator-proxy of the data plane (kubectl get pods shows them), or wait: after they restart, it takes minutes until ${placeText(args)} is served again.`,
    next: () => "kubectl get pods --all-namespaces | grep -E 'union-operator|operator-proxy|tunnel'",
  }),
  "build-not-allowed": entry<Where & { identity: string; request: string }>({
    exit,
    what: (args) => `${args.identity} may not ${args.request} in ${placeText(args)}`,
    // Source: Union's documentation of user management.
    fix: (args) =>
      `Grant ${args.identity} a role on ${placeText(args)}: on Union's control planes, a policy whose role has create_flyte_executions, view_flyte_executions and view_flyte_inventory there (the built-in Contributor has them). The right to register in system is not enough.`,
    next: ({ project }) => `flyte get project ${shellQuote(project)}`,
  }),
  "build-inputs-refused": entry<Where & { request: string }>({
    exit,
    what: (args) => `the control plane rejects the request to ${args.request} in ${placeText(args)}`,
    fix: (args, { setting }) =>
      `Correct ${setting("build.projects")} if ${placeText(args)} does not exist on this control plane; else correct what why names.`,
    next: ({ project }) => `flyte get project ${shellQuote(project)}`,
  }),
  "build-data-plane-unreachable": entry<At>({
    exit,
    what: ({ endpoint }) =>
      `${endpoint}, where the control plane sends builds of this data plane, cannot be reached from here`,
    fix: ({ endpoint }, { chart, setting }) =>
      `Allow egress to ${authorityOf(endpoint)} (firewall${chart ? ", networkPolicy.extraEgress in the chart" : ", NetworkPolicy"}), add it to the DNS, or add its CA to ${setting("controlPlane.caFile")}: why says which of them it is.`,
    next: curl,
  }),
} as const;

import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** The Kubernetes cluster of a run. Reporting to it is optional, so most of these are only ever warnings. */
export const clusterCodes = {
  "cluster-not-told": entry<{ told: string }>({
    exit,
    what: ({ told }) => `could not write ${told} for this run; the registration is unaffected`,
    fix: (_args, { setting }) =>
      `Allow it by RBAC (rbac.create: true in the chart creates the Role), or set ${setting("cluster.enabled")} to false.`,
    next: (_args, { kubectl }) => kubectl("auth can-i --list --as system:serviceaccount:<namespace>:<service account>"),
  }),
  "release-not-rechecked": entry<{ configMap: string }>({
    exit,
    what: ({ configMap }) =>
      `could not read ConfigMap ${configMap} again before the write, so an upgrade during this run would go unnoticed`,
    fix: ({ configMap }) =>
      `Allow the service account to get ConfigMap ${configMap} (rbac.create: true in the chart creates the Role).`,
    next: ({ configMap }, { kubectl }) =>
      kubectl(
        `auth can-i get ${shellQuote(`configmap/${configMap}`)} --as system:serviceaccount:<namespace>:<service account>`,
      ),
  }),
  "release-moved-on": entry<{ source: string }>({
    exit,
    what: ({ source }) =>
      `${source} has changed since this run began: the Helm release was upgraded or rolled back meanwhile, so this run writes nothing`,
    fix: (_args, { command }) => `Wait for the next scheduled run, or start one now: ${command("register")}.`,
    next: (_args, { command }) => command("register"),
  }),
} as const;

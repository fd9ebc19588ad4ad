import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** The Kubernetes cluster that a run belongs to. All of it is optional, so each of these is only ever a warning. */
export const clusterErrors = {
  "cluster-not-told": entry<{ told: string }>({
    exit,
    what: ({ told }) => `the cluster could not be told of this run (${told}); the run itself is not concerned`,
    fix: () => "Allow it with rbac.create: true in the chart's values, or set cluster.enabled to false.",
    next: () => "kubectl auth can-i --list --as system:serviceaccount:<namespace>:<service account>",
  }),
  "release-not-rechecked": entry<{ configMap: string }>({
    exit,
    what: ({ configMap }) => `ConfigMap ${configMap} could not be read again right before the write`,
    fix: ({ configMap }) =>
      `Allow the run to get ConfigMap ${configMap} (rbac.create in the chart), so that it notices an upgrade that happens while it runs.`,
    next: ({ configMap }) =>
      `kubectl auth can-i get configmap/${configMap} --as system:serviceaccount:<namespace>:<service account>`,
  }),
  "release-moved-on": entry<{ source: string }>({
    exit,
    what: ({ source }) =>
      `${source} has changed since this run began: another release is installed now, so this run writes nothing`,
    fix: () => "Wait for the next scheduled run, which has the new settings, or start one by kubectl create job.",
    next: () => "kubectl create job --from=cronjob/<name of the CronJob> registrar-now",
  }),
} as const;

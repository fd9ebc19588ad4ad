import { namespacesText, objectText } from "../namespaces-text.ts";
import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** What names the service account of build pods: the registered task, the data plane's PodTemplate, a setting, or nothing. */
export type AccountSource = "task" | "PodTemplate" | "setting" | "nothing";

/** The setting by which to change an account. */
const settingOf: Readonly<Record<Exclude<AccountSource, "PodTemplate">, string>> = {
  task: "task.podTemplate.serviceAccountName",
  setting: "cluster.buildServiceAccount",
  nothing: "task.podTemplate.serviceAccountName",
};

/** The data plane's cluster, the namespaces where builds run, and the service account of their pods. */
export const dataPlaneCodes = {
  "cluster-unreachable": entry<object>({
    exit,
    what: () => "the Kubernetes API server is unreachable, so the data plane was not checked",
    fix: (_args, { chart }) =>
      chart
        ? "Allow egress from this pod to the API server (NetworkPolicy: networkPolicy.extraEgress in the chart)."
        : "Make kubectl work from here (KUBECONFIG, its context and credentials), or run registrar check in the data plane's cluster.",
    next: () => "kubectl version",
  }),
  "cluster-unreadable": entry<{ subject: string }>({
    exit,
    what: ({ subject }) => `${subject} cannot be read, so it was not checked`,
    fix: ({ subject }) =>
      `Allow this identity to get ${subject} (rbac.create: true in the chart creates the Role), or run the check with a kubeconfig that may.`,
    next: (_args, { kubectl }) => kubectl("auth can-i --list"),
  }),
  "build-namespaces-unlisted": entry<{ selector: string; namespaces: readonly string[] }>({
    exit,
    what: ({ selector, namespaces }) =>
      `namespaces with the label ${selector} cannot be listed, so only ${namespacesText(namespaces)} ${namespaces.length === 1 ? "was" : "were"} checked`,
    fix: (_args, { setting }) =>
      `Allow this identity to list namespaces (a ClusterRole with verb list on namespaces), or correct ${setting("cluster.buildNamespaceSelector")}, or remove it and list the namespaces in ${setting("cluster.buildNamespaces")}.`,
    next: ({ selector }) => `kubectl get namespaces --selector ${shellQuote(selector)}`,
  }),
  "build-namespaces-none": entry<{ selector: string; namespaces: readonly string[] }>({
    exit,
    what: ({ selector, namespaces }) =>
      `no namespace has the label ${selector}, so only ${namespacesText(namespaces)} ${namespaces.length === 1 ? "was" : "were"} checked`,
    fix: (_args, { setting }) =>
      `Correct ${setting("cluster.buildNamespaceSelector")}, or remove it if builds run in the namespace of the Helm release.`,
    next: () => "kubectl get namespaces --show-labels",
  }),
  "service-account-missing": entry<{ account: string; namespaces: readonly string[]; namedBy: AccountSource }>({
    exit,
    what: ({ account, namespaces }) =>
      `${objectText("service account", namespaces, account)} does not exist, so build pods cannot be created`,
    fix: ({ account, namespaces, namedBy }, { setting }) => {
      const create = `kubectl -n ${namespaces[0]} create serviceaccount ${account}`;
      return namedBy === "PodTemplate"
        ? `Upgrade the data plane, which creates it with its cloud identity (without one: ${create}), or correct serviceAccountName of the PodTemplate.`
        : `Create it (${create}), or set ${setting(settingOf[namedBy])} to an existing one.`;
    },
    next: ({ namespaces }) => `kubectl -n ${shellQuote(namespaces[0] ?? "")} get serviceaccounts,podtemplates`,
  }),
} as const;

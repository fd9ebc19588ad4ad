import type { Reader } from "../reader.ts";
import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";
import { type PullPlace, pullFix } from "./pull-fixes.ts";

const exit = exitCodes.failed;

/** What keeps the API server from creating the pod of a build. */
export type Refusal = "quota" | "pod-security" | "webhook" | "policy" | "limits" | "role" | "other";

/** What the scheduler misses, by its words. */
export type SchedulingFault = "resources" | "taints" | "labels" | "other";

/** Each refusal, and what to do about it; `name` is that of the quota, the webhook or the policy, `pod` the setting of the pod. */
const refusalFixes: Readonly<Record<Refusal, (name: string, pod: string) => string>> = {
  quota: (name, pod) =>
    `Raise ResourceQuota ${name} in the namespace of builds, delete what fills it, or set smaller resources in ${pod}`,
  "pod-security": (name, pod) =>
    `Set the label pod-security.kubernetes.io/enforce of the namespace to a level that allows build pods (they violate ${name}), or set ${pod} to a pod that complies`,
  webhook: (name, pod) => `Exempt the pods of builds from admission webhook ${name}, or add what it requires to ${pod}`,
  policy: (name, pod) => `Exempt the pods of builds from ${name}, or add what it requires to ${pod}`,
  limits: (_name, pod) =>
    `Set resources in ${pod} within the LimitRange of the namespace (kubectl get limitranges), or change that`,
  role: () =>
    `Give the service account that why names the right that it names (a Role and RoleBinding in the namespace of builds, which the data plane's chart creates)`,
  other: (_name, pod) =>
    `Correct what why names in the namespace of builds, or in ${pod} if it is about the pod itself`,
};

const schedulingFixes: Readonly<Record<SchedulingFault, (pod: string) => string>> = {
  resources: (pod) =>
    `Add a node with room, raise the limit of the node pool's autoscaler, or set smaller resources in ${pod}`,
  taints: (pod) => `Set tolerations in ${pod} to the taints of the nodes that builds may use`,
  labels: (pod) => `Set nodeSelector in ${pod} to labels that nodes have`,
  other: (pod) => `Add a node that the pod fits on, or correct nodeSelector, tolerations and resources in ${pod}`,
};

const podSetting = ({ setting }: Reader) => setting("task.podTemplate");

/** What a pod is made from is a part of the registered task. */
const registerIt = ({ command }: Reader) => `. What is set there counts once it is registered: ${command("register")}.`;

/** Why the pod of a build does not start, or is gone. */
export const buildPodCodes = {
  "build-forbidden": entry<{ refusal: Refusal; name: string }>({
    exit,
    what: ({ refusal, name }) =>
      `Kubernetes refuses the pod of the build${refusal === "other" || name === "" ? "" : ` (${refusal}: ${name})`}`,
    fix: ({ refusal, name }, reader) =>
      (refusalFixes[refusal] ?? refusalFixes.other)(name, podSetting(reader)) +
      (refusal === "role" ? "." : registerIt(reader)),
    next: () => "kubectl get resourcequotas,limitranges --all-namespaces",
  }),
  "build-unschedulable": entry<{ fault: SchedulingFault }>({
    exit,
    what: () => "no node of the cluster takes the pod of the build",
    fix: ({ fault }, reader) =>
      (schedulingFixes[fault] ?? schedulingFixes.other)(podSetting(reader)) + registerIt(reader),
    next: () => "kubectl get nodes -o wide",
  }),
  "build-image-not-pulled": entry<PullPlace>({
    exit,
    what: ({ image }) => `the kubelet cannot pull ${image}, which the pod of the build runs`,
    fix: (args, reader) => pullFix("node", args, reader),
    next: ({ image }) =>
      `kubectl get events --all-namespaces --field-selector reason=Failed | grep ${shellQuote(image)}`,
  }),
  "build-pod-killed": entry<{ reason: string }>({
    exit,
    what: ({ reason }) => `the pod of the build was ended from outside (${reason})`,
    fix: ({ reason }, reader) =>
      reason === "OOMKilled"
        ? `Raise resources.limits.memory in ${podSetting(reader)}, or remove that limit; buildkit, where steps run, has memory of its own${registerIt(reader)}`
        : `Run it again (${reader.command("verify", "--build")}); if it happens every time, raise resources.requests in ${podSetting(reader)}, or keep its node from being drained${registerIt(reader)}`,
    next: () => "kubectl get events --all-namespaces --sort-by=.lastTimestamp",
  }),
} as const;

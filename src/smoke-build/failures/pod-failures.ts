import type { Refusal, SchedulingFault } from "../../findings/catalog/build-pod-codes.ts";
import { type Finding, finding } from "../../findings/finding.ts";
import type { BuildSubject } from "../build-evidence.ts";
import { shownWords } from "./build-words.ts";
import { kubeletPullFailure } from "./image-pull-failures.ts";

type Explain = (match: RegExpExecArray, words: string, subject: BuildSubject) => Finding;

/** What Kubernetes, or Flyte about it, says of a pod. */
interface Row {
  words: RegExp;
  /** Later events that show that it has passed; absent for what does not pass. */
  passedBy?: RegExp;
  explain: Explain;
}

const started = /^\W*(?:\[?Started\b|Started container\b)/;
const scheduled =
  /\b(?:Successfully assigned|Pulling image|Pulled|Created container|Started|ContainersNotReady|PodInitializing)\b/;

const forbidden =
  (refusal: Refusal): Explain =>
  ([, name = ""], words) =>
    finding("error", "build-forbidden", { refusal, name }, shownWords(words));

/** What the scheduler counts, by the setting that changes it. */
function schedulingFault(words: string): SchedulingFault {
  if (/\bInsufficient \S+/.test(words)) return "resources";
  if (/\buntolerated taint\b|\btaints?\b/.test(words)) return "taints";
  return /\bnode affinity\/selector\b|\bnode selector\b|\baffinity\b/.test(words) ? "labels" : "other";
}

/**
 * The first row that matches a text counts. Sources: kubernetes 1.37 (plugin/pkg/admission, pkg/kubelet, pkg/scheduler) and
 * flyteplugins/go/tasks/pluginmachinery/flytek8s/pod_helper.go, which puts the reasons of conditions in front.
 */
const rows: readonly Row[] = [
  {
    words: /\berror looking up service account ([\w.-]+)\/([\w.-]+): /,
    explain: ([, namespace = "", account = ""], words) =>
      finding(
        "error",
        "service-account-missing",
        { account, namespaces: [namespace], namedBy: "task" },
        shownWords(words),
      ),
  },
  { words: /\bexceeded quota: ([\w.-]+)/, explain: forbidden("quota") },
  { words: /\bviolates PodSecurity "([^"]+)"/, explain: forbidden("pod-security") },
  {
    words: /\badmission webhook "([^"]+)" denied the request\b/,
    explain: forbidden("webhook"),
  },
  {
    words: /\b(ValidatingAdmissionPolicy '[^']+') with binding '[^']+' denied request\b/,
    explain: forbidden("policy"),
  },
  {
    words: /\bis forbidden: \[?((?:maximum|minimum) \S+ usage per \w+|\S+ max limit to request ratio)/,
    explain: forbidden("limits"),
  },
  {
    words: /\bis forbidden: User "([^"]+)" cannot \w+ resource\b/,
    explain: forbidden("role"),
  },
  {
    words: /\b[Pp]ods? "[^"]*" is (?:forbidden|invalid): |\bBadRequest\b|\bInvalidResource\b/,
    explain: forbidden("other"),
  },
  {
    words: /\bcouldn't find key (\S+) in ConfigMap ([\w.-]+)\/([\w.-]+)/,
    passedBy: started,
    explain: ([, key = "", namespace = "", name = ""], words) =>
      finding("error", "build-config-key-missing", { namespaces: [namespace], name, key }, shownWords(words)),
  },
  {
    words: /\breferences non-existent config key: (\S+)/,
    passedBy: started,
    explain: ([, key = ""], words, { configMap }) =>
      finding("error", "build-config-key-missing", { namespaces: [], name: configMap, key }, shownWords(words)),
  },
  {
    words: /\bconfigmap "([\w.-]+)" not found\b/i,
    passedBy: started,
    explain: ([, name = ""], words) =>
      finding("error", "build-config-missing", { namespaces: [], name }, shownWords(words)),
  },
  {
    words:
      /\b(?:ErrImagePull|ImagePullBackOff|Back-off pulling image|Failed to pull image|InvalidImageName|RegistryUnavailable|ErrImageNeverPull|ImageInspectError)\b/,
    passedBy: /\b(?:Successfully pulled image|Started container)\b/,
    explain: (_match, words, subject) => kubeletPullFailure(words, subject),
  },
  {
    words: /\b\d+\/\d+ nodes are available: |\bno nodes available to schedule pods\b/,
    passedBy: scheduled,
    explain: (_match, words) =>
      finding("error", "build-unschedulable", { fault: schedulingFault(words) }, shownWords(words)),
  },
  {
    words:
      /\b(OOMKilled)\b|\b(Evicted)\b|\b[Tt]he node was (low on resource)\b|\b(Preempted)\b|\b(NodeLost|NodeShutdown|DeletionByTaintManager|TerminationByKubelet)\b/,
    explain: (match, words) => {
      const reason = match.slice(1).find((group) => group !== undefined) ?? "";
      return finding(
        "error",
        "build-pod-killed",
        { reason: reason === "low on resource" ? "Evicted" : reason },
        shownWords(words),
      );
    },
  },
];

/**
 * The finding for what is said of a pod.
 * @param words the error of a run, or an event
 * @returns nothing if no row knows it
 */
export function podFailure(words: string, subject: BuildSubject): Finding | undefined {
  for (const row of rows) {
    const match = row.words.exec(words);
    if (match) return row.explain(match, words, subject);
  }
  return undefined;
}

/**
 * The finding for the newest event that has not passed. The kubelet repeats "back-off" without the cause, so among events about
 * the same pull the newest one with a cause counts.
 * @param events oldest first
 */
export function eventFailure(events: readonly string[], subject: BuildSubject): Finding | undefined {
  const standing = events.flatMap((event, index) => {
    const row = rows.find(({ words }) => words.test(event));
    if (!row || events.slice(index + 1).some((later) => row.passedBy?.test(later))) return [];
    return podFailure(event, subject) ?? [];
  });
  const last = standing.at(-1);
  if (last?.code !== "build-image-not-pulled") return last;
  return standing.findLast(({ code, args }) => code === last.code && hasCause(args)) ?? last;
}

function hasCause(args: object): boolean {
  return "fault" in args && args.fault !== "other";
}

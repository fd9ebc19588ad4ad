/** How far a run has come: the phases of an action, in the words of a report. */
export type RunPhase =
  | "queued"
  | "waiting"
  | "initializing"
  | "running"
  | "succeeded"
  | "failed"
  | "aborted"
  | "timed-out"
  | "unknown";

/** What is known of a build that has not succeeded. Texts are as they came: of strangers, and of several lines. */
export interface BuildEvidence {
  /** The last phase that was seen. */
  phase: RunPhase;
  /** Whether the run has ended; else this program's own deadline ended the wait for it. */
  hasEnded: boolean;
  /** Seconds that were waited for it. */
  seconds: number;
  /** The error of the run; empty if it has none. */
  error: string;
  /** Why it was aborted; empty if it was not. */
  abortReason: string;
  /** What Kubernetes said of the pod, oldest first. */
  events: readonly string[];
  /** The log of the build pod, oldest line first; empty if there was none to read. */
  log: string;
}

/** What is built, where and from what, for the words of a failure. */
export interface BuildSubject {
  project: string;
  domain: string;
  /** The name of the run; empty before it has one. */
  run: string;
  /** Who talks to the control plane. */
  identity: string;
  /** The image of the registered task, which the kubelet pulls. */
  buildImage: string;
  /** The frontend of the registered task, which buildkit pulls. */
  frontend: string;
  baseImage: string;
  pythonVersion: string;
  packages: readonly string[];
  /** As the task gets it: without a host, it goes to the data plane's default repository. */
  target: string;
  /** The ConfigMap of build pods. */
  configMap: string;
}

import type { ImageSpec } from "#flyteidl2/imagebuilder/definition_pb.js";

/** An RPC of a build that can be refused; of SelectCluster also one operation alone. */
export type RefusableCall =
  | "select-cluster"
  | "select-cluster:get-image"
  | "select-cluster:create-upload-location"
  | "select-cluster:upload-inputs"
  | "select-cluster:get-action-data"
  | "select-cluster:tail-logs"
  | "create-upload-location"
  | "upload-inputs"
  | "create-run"
  | "get-image"
  | "get-action-details"
  | "watch-action-details"
  | "abort-run"
  | "list-runs";

/** What an RPC is answered in place of its result. */
interface Refusal {
  /** A Connect code, such as "unavailable". */
  readonly code: string;
  readonly message: string;
  /** How many requests are refused; all of them unless told otherwise. */
  readonly times?: number;
}

/** What the bucket answers in place of taking an upload. */
export interface UploadAnswer {
  readonly status: number;
  readonly body: string;
  /** How many uploads are answered so; all of them unless told otherwise. */
  readonly times?: number;
}

/** One run, as something that builds for real is told of it. */
export interface ExecutedBuild {
  /** What was uploaded. */
  readonly spec: ImageSpec;
  /** The input `target_image`. */
  readonly target: string;
  /** The --frontend argument of the run's task spec. */
  readonly frontend: string;
  log(line: string): void;
  /** Aborts when the run is aborted or the control plane stops. */
  readonly signal: AbortSignal;
}

/** How an executed build ended. The error is the last that the container logs. */
export type ExecutionResult = { readonly image: string } | { readonly error: string };

/** A part that an older or the open-source control plane does not have. */
export type AbsentPart = "cluster-service" | "image-service" | "upload-inputs";

/**
 * How builds go; every part has a default: a build that succeeds at once. A run keeps the behavior that was in force
 * when it was created; RPCs go by the one in force when they are asked.
 */
export interface BuildBehavior {
  /** Milliseconds in each of the phases queued, waiting for resources, initializing, running; 0 unless told otherwise. */
  readonly phaseMilliseconds?: number;
  /** The last phase that is reached; "succeeded" unless told otherwise. "never": it stays in `stuckIn`. */
  readonly end?: "succeeded" | "failed" | "aborted" | "timed-out" | "never";
  /** The phase before the end, or the last one of "never"; "running" unless told otherwise. */
  readonly stuckIn?: "queued" | "waiting" | "initializing" | "running";
  /** The message of errorInfo; what Flyte makes of the last log lines unless told otherwise. */
  readonly error?: string;
  /** How many answers of GetActionDetails lack the error of a failed run, as events lag behind; 0 unless told otherwise. */
  readonly lateErrors?: number;
  /** "user" unless told otherwise. */
  readonly errorKind?: "user" | "system";
  /** Of the end "aborted". */
  readonly abortReason?: string;
  /** What Kubernetes says of the pod, oldest first. */
  readonly events?: readonly string[];
  /** The log of the build pod, a line each. */
  readonly log?: readonly string[];
  /** The pod is gone, and its log with it. */
  readonly logsGone?: boolean;
  /** The image that was pushed; the target unless told otherwise, below registry.example.com/union if it names no registry. */
  readonly image?: string;
  /** The name of the output that holds it; "fully_qualified_image" unless told otherwise. */
  readonly outputName?: string;
  readonly refuse?: Partial<Record<RefusableCall, Refusal>>;
  readonly upload?: UploadAnswer;
  /** A service that is absent is answered with a 404 page, a method with `unimplemented`. */
  readonly absent?: readonly AbsentPart[];
  /** Whether GetImage finds an image that a run has pushed; true unless told otherwise. */
  readonly imageSeen?: boolean;
  /** Images that GetImage finds without any run: their full reference by the name that is asked for. */
  readonly knownImages?: Readonly<Record<string, string>>;
  readonly createRun?: {
    /** The run is created at once, and its answer waits this long. */
    readonly delayMilliseconds?: number;
    /** The run is created, and this many answers are lost. */
    readonly loseAnswers?: number;
    /** How an answer is lost: a 503 of a proxy (recorded), unless told that the connection is cut. */
    readonly lostAs?: "unavailable" | "cut";
    /** A run name that is taken: the run that has it (recorded), unless told to refuse with already_exists. */
    readonly existing?: "answer" | "refuse";
  };
  /** WatchActionDetails ends after each message, as behind a proxy that cuts streams. */
  readonly cutStreams?: boolean;
  /** What SelectCluster names; the endpoint that serves the data plane unless told otherwise. */
  readonly dataPlaneUrl?: string;
  /** Host and port of signed URLs; the bucket's own unless told otherwise. */
  readonly signedUrlHost?: string;
  /** Builds for real in place of the script; its result decides how the run ends. */
  readonly execute?: (build: ExecutedBuild) => Promise<ExecutionResult>;
}

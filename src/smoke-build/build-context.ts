import type { RunIdentifier } from "#flyteidl2/common/identifier_pb.js";
import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import type { Session } from "../control-plane/session.ts";
import type { Finding } from "../findings/finding.ts";
import type { Endpoint } from "../network/endpoint.ts";
import type { Fetch } from "../network/fetch.ts";
import type { Recorder } from "../report/recorder.ts";
import type { Clock } from "../system/clock.ts";
import type { BuildSubject } from "./build-evidence.ts";
import type { BuildPlan } from "./build-plan.ts";
import type { RunState } from "./run-state.ts";

/** What builds are made with. */
export interface BuildDependencies {
  session: Session;
  endpoint: Endpoint;
  org: string;
  /** The Helm release on whose behalf they run. */
  owner: string;
  /** The spec that is registered: what SDK users' builds run. */
  spec: TaskSpec;
  plan: BuildPlan;
  /** Uploads to the bucket, with the CAs and the proxy of the control plane. */
  fetch: Fetch;
  recorder: Recorder;
  clock: Clock;
  /** Ends the run: SIGTERM, SIGINT. */
  signal: AbortSignal;
  /** Shows how far a build is, while nothing else happens. */
  showProgress(text: string): void;
}

/** One build in one place. */
export interface BuildContext extends BuildDependencies {
  subject: BuildSubject;
  run: Pick<RunIdentifier, "org" | "project" | "domain" | "name">;
  /** Words for what requests do, which follow "may not": `run tasks in flytesnacks/development`. */
  request: string;
  /** The moment at which the build is given up, in the clock's milliseconds. */
  until: number;
  /** What could not be done as SDK users' builds do it, in words for the report. */
  notes: Set<string>;
}

/** How a run ended, and what it has made. */
export interface BuildOutcome {
  /** Absent if there was no run, or nothing was heard of it. */
  state: RunState | undefined;
  log: string;
  /** The image in full, of a run that succeeded. */
  image: string | undefined;
  error: Finding | undefined;
  warnings: readonly Finding[];
}

/** A project and its domain, as most requests name them. */
export function projectIdOf({ org, run: { project, domain } }: Pick<BuildContext, "org" | "run">) {
  return { organization: org, name: project, domain };
}

/** The only action of a run of one task; its name is the server's rule. */
export function actionIdOf({ run }: Pick<BuildContext, "run">) {
  return { run, name: "a0" };
}

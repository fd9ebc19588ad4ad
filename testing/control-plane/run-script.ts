import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import type { BuildBehavior } from "./build-behavior.ts";

/** A phase, and when it begins. */
export interface PhaseStart {
  readonly phase: ActionPhase;
  /** Milliseconds since the run was created. */
  readonly after: number;
}

const steps = ["queued", "waiting", "initializing", "running"] as const;

const phases = {
  queued: ActionPhase.QUEUED,
  waiting: ActionPhase.WAITING_FOR_RESOURCES,
  initializing: ActionPhase.INITIALIZING,
  running: ActionPhase.RUNNING,
  succeeded: ActionPhase.SUCCEEDED,
  failed: ActionPhase.FAILED,
  aborted: ActionPhase.ABORTED,
  "timed-out": ActionPhase.TIMED_OUT,
};

/** The phases of a run in the order in which they begin. An executed build has no end yet. */
export function scheduleOf({ phaseMilliseconds = 0, end = "succeeded", stuckIn = "running", execute }: BuildBehavior) {
  const passed = execute ? steps : steps.slice(0, steps.indexOf(stuckIn) + 1);
  const isOpen = execute !== undefined || end === "never";
  return [...passed, ...(isOpen ? [] : [end])].map(
    (step, index): PhaseStart => ({ phase: phases[step], after: index * phaseMilliseconds }),
  );
}

/** Whether a run ends with this phase. */
export const isEnd = (phase: ActionPhase): boolean => phase >= ActionPhase.SUCCEEDED && phase <= ActionPhase.TIMED_OUT;

/** A phase in the words of a behavior. */
export const phaseName = (phase: ActionPhase): string =>
  Object.entries(phases).find(([, known]) => known === phase)?.[0] ?? "unknown";

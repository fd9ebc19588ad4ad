import { timestampMs } from "@bufbuild/protobuf/wkt";
import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import type { ActionDetails } from "#flyteidl2/workflow/run_definition_pb.js";
import type { RunPhase } from "./build-evidence.ts";

/** How long a run was in a phase. */
interface PhaseTime {
  phase: RunPhase;
  milliseconds: number;
}

/** What the control plane says of a run. */
export interface RunState {
  phase: RunPhase;
  hasEnded: boolean;
  /** By the server's clock; the phase that a run is in has no time yet. */
  phases: readonly PhaseTime[];
  /** Empty if there is none. */
  error: string;
  abortReason: string;
  events: readonly string[];
}

const phaseNames: Readonly<Record<ActionPhase, RunPhase>> = {
  [ActionPhase.UNSPECIFIED]: "unknown",
  [ActionPhase.QUEUED]: "queued",
  [ActionPhase.WAITING_FOR_RESOURCES]: "waiting",
  [ActionPhase.INITIALIZING]: "initializing",
  [ActionPhase.RUNNING]: "running",
  [ActionPhase.SUCCEEDED]: "succeeded",
  [ActionPhase.FAILED]: "failed",
  [ActionPhase.ABORTED]: "aborted",
  [ActionPhase.TIMED_OUT]: "timed-out",
  [ActionPhase.PAUSED]: "waiting",
};

const ends: ReadonlySet<RunPhase> = new Set<RunPhase>(["succeeded", "failed", "aborted", "timed-out"]);

/** Whether a run of this phase goes on no more. */
export function isEnd(phase: ActionPhase): boolean {
  return ends.has(phaseNames[phase] ?? "unknown");
}

/** Reads the answer of GetActionDetails. A later attempt replaces what an earlier one met. */
export function readRunState({ status, result, attempts }: ActionDetails): RunState {
  const phase = phaseNames[status?.phase ?? ActionPhase.UNSPECIFIED] ?? "unknown";
  const attempt = attempts.at(-1);
  const phases = (attempt?.phaseTransitions ?? []).flatMap((transition) => {
    const { startTime, endTime } = transition;
    const name = phaseNames[transition.phase] ?? "unknown";
    if (!startTime || !endTime || ends.has(name)) return [];
    return [{ phase: name, milliseconds: Math.max(0, timestampMs(endTime) - timestampMs(startTime)) }];
  });
  return {
    phase,
    hasEnded: ends.has(phase),
    phases,
    error: (result.case === "errorInfo" ? result.value.message : "") || (attempt?.errorInfo?.message ?? ""),
    abortReason: result.case === "abortInfo" ? result.value.reason : "",
    events: (attempt?.clusterEvents ?? []).map(({ message }) => message),
  };
}

import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import { stringsOf } from "./literals.ts";
import type { StoredRun } from "./run-store.ts";

const isRegistry = (part: string): boolean => /[.:]/.test(part) || part === "localhost";

/** A target as the build task completes it: without a registry it goes to the data plane's default repository. */
function fullyQualified(target: string): string {
  const [first = "", ...rest] = target.split("/");
  return rest.length > 0 && isRegistry(first) ? target : `registry.example.com/union/${target}`;
}

/** The image that a run has pushed; undefined unless it went well. */
export function imageOf(run: StoredRun): string | undefined {
  if (run.phase() !== ActionPhase.SUCCEEDED) return undefined;
  return run.image ?? run.behavior.image ?? fullyQualified(stringsOf(run.inputs)["target_image"] ?? "");
}

/** Whether the container of a run has been running. */
export const hasRun = (run: StoredRun): boolean => run.reached().some(({ phase }) => phase === ActionPhase.RUNNING);

/** The log lines there are: those of a script are all there once it runs. */
export const logOf = (run: StoredRun): readonly string[] =>
  hasRun(run) ? [...(run.behavior.log ?? []), ...run.logged] : [];

const tailLines = 80;
const tailBytes = 2048;

/**
 * What Flyte says of a container that exited. Its tail is what Kubernetes keeps of a log under `FallbackToLogsOnError`:
 * the last 80 lines or 2048 bytes.
 */
function exitMessage(log: readonly string[]): string {
  const tail = Buffer.from(log.slice(-tailLines).join("\n")).subarray(-tailBytes).toString();
  return `\r\n[main] terminated with exit code (1). Reason [Error]. Message: \n${tail}.`;
}

/** The error of a run that failed, or that a script gives to one that timed out. */
export function errorOf(run: StoredRun): string | undefined {
  const phase = run.phase();
  if (phase === ActionPhase.TIMED_OUT) return run.behavior.error;
  if (phase !== ActionPhase.FAILED) return undefined;
  return run.behavior.error ?? exitMessage(logOf(run));
}

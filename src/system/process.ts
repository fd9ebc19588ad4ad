import { constants } from "node:os";
import type { Clock } from "./clock.ts";
import { deadlines } from "./deadlines.ts";

/** A program to run: no shell, nothing inherited but what stands here. */
export interface ProcessRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string>>;
  /** After which it is stopped. */
  timeoutMilliseconds: number;
}

/** How it ended. */
export interface ProcessResult {
  /** `undefined` where it never started. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** Why it could not be started; absent where it ran. */
  startFailure?: unknown;
}

/** Runs a program to its end. */
export type RunProcess = (request: ProcessRequest, signal: AbortSignal) => Promise<ProcessResult>;

/** Sends a signal to a process, or to a group where the id is negative (`process.kill`). */
export type Kill = (pid: number, signal: "SIGTERM" | "SIGKILL") => unknown;

/**
 * Runs a program in its own process group, so that what it starts ends with it, at its end, at the time-out and at the
 * signal. The library is loaded here: a run that finds nothing to do starts no process.
 * @throws the signal's reason, after the group is gone
 */
export async function runProcess(
  request: ProcessRequest,
  signal: AbortSignal,
  { kill, clock }: { kill: Kill; clock: Clock },
): Promise<ProcessResult> {
  const { execa } = await import("execa");
  signal.throwIfAborted();
  const stop = AbortSignal.any([signal, clock.timeout(request.timeoutMilliseconds)]);
  const child = execa(request.command, request.args, {
    cwd: request.cwd,
    env: request.environment,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
  });
  const endGroup = (how: "SIGTERM" | "SIGKILL") => {
    if (child.pid !== undefined) signalGroup(child.pid, how, kill);
  };
  // What it leaves behind may hold its output open, which would delay us until the time-out.
  child.nodeChildProcess.once("exit", () => endGroup("SIGKILL"));
  const ended = new AbortController();
  const onStop = () => {
    endGroup("SIGTERM");
    clock.sleep(deadlines.processGroup.milliseconds, ended.signal).then(
      () => endGroup("SIGKILL"),
      () => {}, // It has ended by then.
    );
  };
  if (stop.aborted) onStop();
  else stop.addEventListener("abort", onStop);
  try {
    const { exitCode, stdout, stderr, signal: endedBy, failed, originalMessage } = await child;
    signal.throwIfAborted();
    const code = exitCode ?? (endedBy ? 128 + constants.signals[endedBy] : undefined);
    const output = { stdout, stderr, timedOut: stop.aborted };
    return code === undefined && failed
      ? { ...output, exitCode: undefined, startFailure: originalMessage }
      : { ...output, exitCode: code };
  } finally {
    stop.removeEventListener("abort", onStop);
    ended.abort();
    endGroup("SIGKILL");
  }
}

function signalGroup(leader: number, signal: "SIGTERM" | "SIGKILL", kill: Kill): void {
  try {
    kill(-leader, signal);
  } catch (error) {
    // The group is gone already, which is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

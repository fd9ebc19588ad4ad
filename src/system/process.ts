import { constants } from "node:os";

/** A program to run: no shell, nothing inherited but what stands here. */
export interface ProcessRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string>>;
  /** Milliseconds after which it is stopped. */
  timeout: number;
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

/** Milliseconds between asking a process group to end and ending it; SIGTERM must end us within 5 s. */
const graceMilliseconds = 1_500;

/** Sends a signal to a process, or to a group where the id is negative (`process.kill`). */
export type Kill = (pid: number, signal: "SIGTERM" | "SIGKILL") => unknown;

/**
 * Runs a program in its own process group, so that what it starts ends with it, at its end, at the time-out and at the
 * signal. The library is loaded here: a run that finds nothing to do starts no process.
 * @throws the signal's reason, after the group is gone
 */
export async function runProcess(request: ProcessRequest, signal: AbortSignal, kill: Kill): Promise<ProcessResult> {
  const { execa } = await import("execa");
  signal.throwIfAborted();
  const stop = AbortSignal.any([signal, AbortSignal.timeout(request.timeout)]);
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
  let force: NodeJS.Timeout | undefined;
  const onStop = () => {
    endGroup("SIGTERM");
    force = setTimeout(endGroup, graceMilliseconds, "SIGKILL");
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
    clearTimeout(force);
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

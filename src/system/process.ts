import { constants } from "node:os";
import type { Clock } from "./clock.ts";
import { deadlines } from "./deadlines.ts";

/** A program to run, without a shell and with no other environment than this. */
export interface ProcessRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string>>;
  /** What it reads from standard input, which is empty unless told otherwise. */
  input?: string;
  /** It is stopped after this time. */
  timeoutMilliseconds: number;
}

/** How a program ended. */
export interface ProcessResult {
  /** `undefined` if it could not be started. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** Why it could not be started; absent if it was. */
  startFailure?: unknown;
}

/** Runs a program to its end. */
export type RunProcess = (request: ProcessRequest, signal: AbortSignal) => Promise<ProcessResult>;

/** Sends a signal to a process, or to a group if the id is negative (`process.kill`). */
export type Kill = (pid: number, signal: "SIGTERM" | "SIGKILL") => unknown;

/**
 * Runs a program in its own process group and ends the whole group when the program ends, at the timeout and at the signal.
 * The library is loaded here, since most runs start no program.
 * @throws the signal's reason, once the group has ended
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
    ...(request.input === undefined ? { stdin: "ignore" } : { input: request.input }),
    stripFinalNewline: false,
  });
  const endGroup = (name: "SIGTERM" | "SIGKILL") => {
    if (child.pid !== undefined) signalGroup(child.pid, name, kill);
  };
  // A process that it leaves behind may keep its output open, which would delay the result until the timeout.
  child.nodeChildProcess.once("exit", () => endGroup("SIGKILL"));
  const ended = new AbortController();
  const onStop = () => {
    endGroup("SIGTERM");
    clock.sleep(deadlines.processGroup.milliseconds, ended.signal).then(
      () => endGroup("SIGKILL"),
      () => {}, // The program ended in time.
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
    // The group has ended already.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

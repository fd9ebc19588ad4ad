import { spawn } from "node:child_process";

/** A command that runs while others do. */
export interface Job {
  readonly command: string;
  /** Once it has ended. */
  readonly ended: Promise<JobEnd>;
  /** Whether it has. */
  end: JobEnd | undefined;
}

export interface JobEnd {
  exitCode: number;
  /** What it said of its progress and its failure (stderr). */
  messages: string;
  seconds: number;
}

/**
 * Runs a command in a process group of its own that yields the processors to everybody else, and ends the group as soon as
 * nobody holds the other end of file descriptor 3, that is, once this process has ended, in whatever way.
 * A kernel that shares processors out by session (autogroup) heeds niceness only within one; it has a niceness for each.
 */
const guarded = `
{ echo 19 >/proc/$$/autogroup; } 2>/dev/null
{ trap "" TERM; read -r -u 3; kill -TERM -- -$$; sleep 2; kill -KILL -- -$$; } >/dev/null 2>&1 &
guard=$!
disown
"$@" 3<&-
status=$?
kill -KILL $guard
exit $status`;

/** Starts commands in the background, each once the one before has ended, however it did. */
export function startInTurn(commands: readonly (readonly string[])[]): Job[] {
  let before: Promise<unknown> = Promise.resolve();
  return commands.map((command) => {
    const ended = before.then(() => runBehind(command));
    before = ended;
    const job: Job = { command: command.join(" "), ended, end: undefined };
    void ended.then((end) => {
      job.end = end;
    });
    return job;
  });
}

function runBehind(command: readonly string[]): Promise<JobEnd> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn("nice", ["-n", "19", "bash", "-c", guarded, "guarded", ...command], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    let messages = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      messages += text;
    });
    const end = (exitCode: number) => resolve({ exitCode, messages, seconds: (performance.now() - started) / 1000 });
    child.once("error", (error) => {
      messages += `${error}\n`;
      end(1);
    });
    child.once("close", (exitCode) => end(exitCode ?? 1));
  });
}

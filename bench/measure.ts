import { execa } from "execa";

/** What one run of a program took. */
export interface Measurement {
  /** Seconds from start to end. */
  wall: number;
  /** Seconds of CPU, children included. */
  cpu: number;
  /** Megabytes: the largest resident set of any of its processes. */
  memory: number;
  exitCode: number | undefined;
}

/**
 * Runs a program to its end and measures it: a small Python parent asks the kernel what its finished children used, and
 * the kernel's figure for memory is that of the largest of them.
 * One that has not ended after two minutes is killed.
 */
export async function measure(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string>> },
): Promise<Measurement> {
  const { stdout } = await execa("python3", ["-c", parent, command, ...args], { ...options, extendEnv: false });
  return JSON.parse(stdout) as Measurement;
}

const parent = `
import json, resource, subprocess, sys, threading, time
start = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
# wait(timeout=…) would look every 50 ms only.
deadline = threading.Timer(120, child.kill)
deadline.start()
code = child.wait()
deadline.cancel()
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024, "exitCode": code}))
`;

/** One run made of several, one after another. */
export function sum(parts: readonly Measurement[]): Measurement {
  return {
    wall: parts.reduce((total, { wall }) => total + wall, 0),
    cpu: parts.reduce((total, { cpu }) => total + cpu, 0),
    memory: Math.max(...parts.map(({ memory }) => memory)),
    exitCode: parts.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
  };
}

/** The median of each figure. */
export function medians(runs: readonly Measurement[]): Measurement {
  const median = (figures: readonly number[]) =>
    [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
  return {
    wall: median(runs.map(({ wall }) => wall)),
    cpu: median(runs.map(({ cpu }) => cpu)),
    memory: Math.max(...runs.map(({ memory }) => memory)),
    exitCode: runs.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
  };
}

import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../src/cli.ts";
import { clusterOpener } from "../../src/cluster/open-cluster.ts";
import { type Names, systemNames } from "../../src/network/name-service.ts";
import { systemClock } from "../../src/system/clock.ts";
import { runProcess } from "../../src/system/process.ts";
import type { ProgramOptions, ProgramRun } from "./run-program.ts";

const templateFolder = join(import.meta.dirname, "../../templates");
const readFile = (path: string) => readFileSync(path);
const kill = (id: number, signal: "SIGTERM" | "SIGKILL") => process.kill(id, signal);
let runs = 0;

/** How to run it; the working directory is that of the tests. */
interface InProcessOptions extends Omit<ProgramOptions, "cwd"> {
  /** DNS; the system's unless told otherwise. */
  names?: Names | undefined;
}

/**
 * Runs the command line from its sources in this process, with the surroundings that src/main.ts gives it: a start of Node takes
 * more CPU time than most runs. It has neither signals nor a termination message, and what it leaves open does not end with it.
 */
export async function runInProcess(
  args: readonly string[],
  { env = {}, timeout = 55_000, names = systemNames }: InProcessOptions = {},
): Promise<ProgramRun> {
  const environment = { PATH: process.env["PATH"] ?? "", ...env };
  const written = { stdout: "", stderr: "" };
  const started = performance.now();
  const exitCode = await runCli(args, {
    version: "0.0.0",
    clock: systemClock,
    environment,
    signal: AbortSignal.timeout(timeout),
    templateFolder,
    temporaryFolder: tmpdir(),
    readFile,
    writeFile: (path, content) => writeFileSync(path, content, { mode: 0o600 }),
    runProcess: (request, signal) => runProcess(request, signal, { kill, clock: systemClock }),
    runId: `${process.pid}.${++runs}`,
    // Runs of other tests may have their folders next to this one's.
    isRunning: () => true,
    names,
    openCluster: clusterOpener(environment, readFile, () => import("../../src/cluster/kubernetes.ts")),
    writeOut: (text) => {
      written.stdout += text;
    },
    writeError: (text) => {
      written.stderr += text;
    },
    writeTerminationMessage: () => {},
    isTerminal: false,
    colour: false,
  });
  const withoutFinalNewline = (text: string) => text.replace(/\n$/, "");
  return {
    exitCode,
    stdout: withoutFinalNewline(written.stdout),
    stderr: withoutFinalNewline(written.stderr),
    milliseconds: performance.now() - started,
  };
}

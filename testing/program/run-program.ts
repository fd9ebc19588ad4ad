import { execa } from "execa";
import { inject } from "vitest";
import { type RunReport, runReportSchema } from "../../src/report/run-report.ts";

/** What a run of the bundled program left. */
export interface ProgramRun {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

/** How to run it: flags after the command, and its whole environment. */
export interface ProgramOptions {
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Milliseconds after which the test gives it up. */
  timeout?: number;
}

/** Runs `dist/registrar.mjs` as a person would, with nothing of the test's own environment. */
export async function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramRun> {
  const result = await startProgram(args, options);
  return {
    exitCode: result.exitCode ?? (result.signal === undefined ? undefined : -1),
    stdout: result.stdout,
    stderr: result.stderr,
    milliseconds: result.durationMs,
  };
}

/** Starts it, for tests that act while it runs. */
export function startProgram(args: readonly string[], { env = {}, cwd, timeout = 55_000 }: ProgramOptions = {}) {
  return execa(process.execPath, [inject("program"), ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    extendEnv: false,
    ...(cwd !== undefined && { cwd }),
    reject: false,
    stdin: "ignore",
    timeout,
  });
}

/** Runs it with `--output json` and reads the one document that it must print. */
export async function runForReport(args: readonly string[], options: ProgramOptions = {}): Promise<RunReport> {
  const { stdout, exitCode } = await runProgram([...args, "--output", "json"], options);
  const report = runReportSchema.parse(JSON.parse(stdout));
  if (report.exitCode !== exitCode)
    throw new Error(`the report says ${report.exitCode}, the program ended with ${exitCode}`);
  return report;
}

/** The flags that point a command at a control plane, for a Helm release whose cluster has a name. */
export function against({ url }: { url: string }): string[] {
  return ["--control-plane-endpoint", url, "--control-plane-org", "acme", "--release-cluster", "test"];
}

/** The flags that write with the pinned flyte CLI. */
export function throughFlyte(): string[] {
  return ["--task-deploy-with", "flyte", "--flyte-command", inject("flyteCommand")];
}

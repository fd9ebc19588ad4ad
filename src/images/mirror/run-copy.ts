import { problem } from "../../findings/registrar-error.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CopyEnd, CopyOptions, CopyTool } from "./copy-tools.ts";
import type { ToolRunner } from "./find-tool.ts";
import { toolWords } from "./tool-words.ts";

/** A tool, and how it is run. */
export interface CopyRunner extends ToolRunner {
  tool: CopyTool;
  options: CopyOptions;
  /** The target of the whole set, as `--to` takes it. */
  to: string;
}

/** What is copied, in the words of findings. */
export interface CopyNames {
  image: string;
  target: string;
}

/**
 * Runs a tool that copies one image.
 * @throws {RegistrarError} mirror-copy-failed; the signal's reason
 */
export async function runCopy(
  from: CopyEnd,
  to: CopyEnd,
  names: CopyNames,
  { tool, runProcess, environment, cwd, options, to: mirror }: CopyRunner,
  signal: AbortSignal,
): Promise<void> {
  const timeoutMilliseconds = deadlines.mirrorCopy.milliseconds;
  const args = tool.copyArgs(from, to, options);
  const result = await runProcess({ command: tool.name, args, cwd, environment, timeoutMilliseconds }, signal);
  if (result.exitCode === 0 && !result.timedOut) return;
  const words = result.timedOut
    ? `${tool.name} did not end within ${timeoutMilliseconds / 60_000} minutes`
    : result.exitCode === undefined
      ? String(result.startFailure)
      : `${tool.name} ended with ${result.exitCode}: ${toolWords(result.stderr || result.stdout)}`;
  throw problem("mirror-copy-failed", { ...names, tool: tool.name, to: mirror }, words);
}

import { problem } from "../../findings/registrar-error.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { RunProcess } from "../../system/process.ts";
import { type CopyTool, type CopyToolName, copyToolNames, copyTools } from "./copy-tools.ts";

/** How tools are run. */
export interface ToolRunner {
  runProcess: RunProcess;
  environment: Readonly<Record<string, string>>;
  cwd: string;
}

/**
 * The first of the tools that can be started.
 * @param wanted the name of one, or `auto` for any
 * @throws {RegistrarError} mirror-tool-missing; the signal's reason
 */
export async function findTool(
  wanted: CopyToolName | "auto",
  { runProcess, environment, cwd }: ToolRunner,
  signal: AbortSignal,
): Promise<CopyTool> {
  const names = wanted === "auto" ? copyToolNames : [wanted];
  const reasons: string[] = [];
  for (const name of names) {
    const tool = copyTools[name];
    const timeoutMilliseconds = deadlines.copyToolVersion.milliseconds;
    const request = { command: name, args: tool.versionArgs, cwd, environment, timeoutMilliseconds };
    const { exitCode, startFailure, stderr } = await runProcess(request, signal);
    if (exitCode === 0) return tool;
    reasons.push(exitCode === undefined ? String(startFailure) : `${name} ended with ${exitCode}: ${stderr.trim()}`);
  }
  throw problem("mirror-tool-missing", { tools: names.join(", ") }, reasons.join("; "));
}

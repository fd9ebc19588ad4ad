import { problem } from "../../findings/registrar-error.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { RunProcess } from "../../system/process.ts";
import type { RunCommand } from "./token-source.ts";

const timeoutMilliseconds = deadlines.tokenCommand.milliseconds;

/**
 * Runs the user's token command with our own environment, as the flyte CLI would.
 * @throws {RegistrarError} external-command-failed; what it printed on standard output, perhaps a token, is not shown
 */
export function tokenCommand(
  runProcess: RunProcess,
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
): RunCommand {
  const given = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return async ([command, ...args], signal) => {
    const request = { command, args, cwd, environment: Object.fromEntries(given), timeoutMilliseconds };
    const fail = (why: unknown) => problem("external-command-failed", { program: command }, why);
    const result = await runProcess(request, signal).catch((error: unknown) => {
      // The request that wants the token has no time left; to its caller that would look like a silent control plane.
      throw error instanceof Error && error.name === "TimeoutError" ? fail("it did not end in time") : error;
    });
    const { exitCode, stdout, stderr, timedOut, startFailure } = result;
    if (exitCode === undefined) throw fail(startFailure);
    if (timedOut) throw fail(`it did not end within ${timeoutMilliseconds / 1000} s`);
    if (exitCode !== 0) throw fail(`it ended with ${exitCode}: ${stderr.trim()}`);
    if (stdout.trim() === "") throw fail("it printed nothing");
    return stdout;
  };
}

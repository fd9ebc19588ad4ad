import { problem } from "../../findings/registrar-error.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { RunProcess } from "../../system/process.ts";
import type { RunCommand } from "./token-source.ts";

const timeoutMilliseconds = deadlines.tokenCommand.milliseconds;

/**
 * Makes the function that runs the user's token command, with this program's own environment, as the flyte CLI does.
 * @throws {RegistrarError} from the function: external-command-failed, without the standard output, which may be a token
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
      // The request that needs the token has timed out; without this, its caller would blame the control plane.
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

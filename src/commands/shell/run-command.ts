import { exitCodes } from "../../findings/catalog/code-entry.ts";
import { asRegistrarError } from "../../findings/registrar-error.ts";
import { terminationMessage } from "../../report/termination-message.ts";
import type { Invocation } from "../../settings/parse-settings.ts";
import { Interrupted } from "../../system/interrupted.ts";
import type { PreparedCommand, Printed } from "./command.ts";
import { shellFor } from "./shell-for.ts";
import type { World } from "./world.ts";

/**
 * Runs a command: prints what it reports, and turns an error into a finding on standard error.
 * @returns the exit code
 */
export async function runCommand(command: PreparedCommand, invocation: Invocation, world: World): Promise<number> {
  const shell = await shellFor(command, invocation, world);
  const { redactor } = shell;
  let printed: Printed;
  try {
    printed = await command.run(shell);
  } catch (thrown) {
    if (thrown instanceof Interrupted) {
      shell.writeError(`${command.name} was ${thrown.message}`, "error");
      return thrown.exitCode;
    }
    const error = asRegistrarError(thrown);
    shell.writeFinding(shell.describe(error.finding));
    return error.exit;
  }
  if ("text" in printed) {
    world.writeOut(redactor.redact(printed.text));
    return exitCodes.success;
  }
  const report = redactor.redactAll(printed.report);
  shell.observer.end(report);
  world.writeTerminationMessage(terminationMessage(report, redactor.redact));
  return printed.report.exitCode;
}

import { pythonLiteral } from "../../definition/python-literal.ts";
import { exitCodes } from "../../findings/catalog/code-entry.ts";
import { asRegistrarError } from "../../findings/registrar-error.ts";
import { createObserver } from "../../report/observer.ts";
import { createRedactor } from "../../report/redaction.ts";
import { terminationMessage } from "../../report/termination-message.ts";
import { findingText, painter } from "../../report/text.ts";
import type { Invocation } from "../../settings/parse-settings.ts";
import { Interrupted } from "../../system/interrupted.ts";
import { describeFor } from "./audience.ts";
import type { PreparedCommand, Printed, Shell } from "./command.ts";
import type { World } from "./world.ts";

/**
 * Runs a command: prints what it reports, and turns an error into a finding on standard error.
 * @returns the exit code
 */
export async function runCommand(command: PreparedCommand, invocation: Invocation, world: World): Promise<number> {
  const redactor = createRedactor((text) => pythonLiteral(text).slice(1, -1));
  const write = (text: string) => world.writeOut(redactor.redact(`${text}\n`));
  const draw = world.isTerminal ? (text: string) => world.writeOut(redactor.redact(text)) : undefined;
  const shell: Shell = {
    world,
    invocation,
    redactor,
    observer: createObserver(command.output, world.colour, write, redactor.redactAll, draw),
    describe: describeFor(invocation, world, command.name),
    writeError: (text) => world.writeError(redactor.redact(`${text}\n`)),
  };
  let printed: Printed;
  try {
    printed = await command.run(shell);
  } catch (thrown) {
    if (thrown instanceof Interrupted) {
      shell.writeError(`${command.name} was ${thrown.message}`);
      return thrown.exitCode;
    }
    const error = asRegistrarError(thrown);
    shell.writeError(findingText(shell.describe(error.finding), painter(world.colour)));
    return error.exit;
  }
  if ("text" in printed) {
    world.writeOut(redactor.redact(printed.text));
    return exitCodes.success;
  }
  shell.observer.end(printed.report);
  world.writeTerminationMessage(terminationMessage(printed.report, redactor.redact));
  return printed.report.exitCode;
}

import type { CheckReport } from "../../checks/check-report.ts";
import { checkSummary, shortLine } from "../../checks/check-text.ts";
import { exitCodes } from "../../findings/catalog/code-entry.ts";
import { problem } from "../../findings/registrar-error.ts";
import { createRedactor, type Redactor } from "../../report/redaction.ts";
import { terminationMessageOf } from "../../report/termination-message.ts";
import { findingText, painter } from "../../report/text.ts";
import { Interrupted, type World } from "../shell/world.ts";
import { type CheckInvocation, checkRounds, exitCodeOf, type Round } from "./check-rounds.ts";
import { packBundle } from "./support-bundle/support-bundle.ts";

/** `registrar check`: every prerequisite, in order, each with its fix. @returns the exit code */
export async function checkCommand(invocation: CheckInvocation, world: World): Promise<number> {
  const { output, bundle, failOn } = invocation;
  const redactor = createRedactor();
  const write = (text: string) => world.writeOut(redactor.redact(`${text}\n`));
  const started = world.clock.now();
  let round: Round;
  try {
    round = await checkRounds(invocation, world, redactor, write);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    world.writeError(`check was ${error.message}\n`);
    return error.exitCode;
  }
  const { results } = round;
  const exitCode = exitCodeOf(results, failOn);
  const summary = checkSummary(results);
  const report: CheckReport = {
    ...{ schemaVersion: 1, program: { name: "image-builder-registrar", version: world.version }, command: "check" },
    ...{ checks: results, summary, exitCode, milliseconds: Math.round(world.clock.now() - started) },
  };
  if (output === "json") write(JSON.stringify(redactor.redactAll(report), null, 2));
  if (output === "short") for (const result of results) shortLine(result).forEach(write);
  if (output !== "json") write(`${output === "text" ? "\n" : ""}${summary}`);
  const findings = results.flatMap(({ finding }) => finding ?? []);
  world.writeTerminationMessage(terminationMessageOf(summary, findings, redactor.redact));
  if (bundle === undefined) return exitCode;
  return (await writeBundle(bundle, report, round.support, world, redactor)) ? exitCode : exitCode || exitCodes.failed;
}

/** Writes the support bundle. @returns whether it could be written; why not is told on standard error */
async function writeBundle(
  file: string,
  report: CheckReport,
  support: Round["support"],
  world: World,
  redactor: Redactor,
): Promise<boolean> {
  const content = await packBundle(redactor.redactAll(report), support, world.clock.date(), redactor.redact);
  try {
    world.writeFile(file, content);
    world.writeError(`The support bundle is ${file}. Known secrets are taken out; read it before you send it.\n`);
    return true;
  } catch (error) {
    const { finding } = problem("bundle-unwritable", { file }, error);
    world.writeError(`${findingText(finding, painter(false))}\n`);
    return false;
  }
}

import { exitCodes } from "../../findings/catalog/code-entry.ts";
import { problem } from "../../findings/registrar-error.ts";
import type { CheckReport } from "../../report/check-report.ts";
import type { CommandBody, Shell } from "../shell/command.ts";
import type { CheckFlags } from "./check-flags.ts";
import { type CheckRound, runRounds } from "./check-rounds.ts";
import { exitCodeOf, summaryOf } from "./check-verdict.ts";
import { armored } from "./support-bundle/armor.ts";
import { packBundle } from "./support-bundle/support-bundle.ts";

/** Runs the checks, and writes a support bundle of what they found. */
export const check: CommandBody<CheckFlags> = async (shell, flags) => {
  const { clock, version } = shell.world;
  const started = clock.now();
  const round = await runRounds(shell, flags);
  const report: CheckReport = {
    schemaVersion: 1,
    program: { name: "image-builder-registrar", version },
    command: "check",
    checks: round.checks,
    summary: summaryOf(round),
    exitCode: exitCodeOf(round, flags.failOn),
    milliseconds: Math.round(clock.now() - started),
  };
  const isWritten = flags.bundle === undefined || (await writeBundle(flags.bundle, report, round, shell));
  return { report: isWritten ? report : { ...report, exitCode: report.exitCode || exitCodes.failed } };
};

/** The bundle goes to standard error, as text: a pod's files are gone when it ends, its log is not. */
const standardError = "-";

/** Writes the support bundle. @returns whether it could be written; why not is printed to standard error */
async function writeBundle(file: string, report: CheckReport, { support }: CheckRound, shell: Shell): Promise<boolean> {
  const { world, redactor, describe, writeError, writeFinding } = shell;
  const content = await packBundle(report, support, world.clock.date(), redactor);
  if (file === standardError) {
    writeError(armored(content));
    return true;
  }
  try {
    world.writeFile(file, content);
    writeError(`The support bundle is ${file}. Known secrets are removed; read it before you send it.`);
    return true;
  } catch (error) {
    writeFinding(describe(problem("bundle-unwritable", { file }, error).finding));
    return false;
  }
}

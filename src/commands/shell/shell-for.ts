import { pythonLiteral } from "../../definition/python-literal.ts";
import type { ReportedFinding } from "../../report/described-finding.ts";
import { createObserver, type OutputForm } from "../../report/observer.ts";
import { createRedactor } from "../../report/redaction.ts";
import { findingText, painter } from "../../report/text.ts";
import { logFormatOf } from "../../settings/log-format.ts";
import type { Invocation } from "../../settings/parse-settings.ts";
import { describeFor } from "./audience.ts";
import type { PreparedCommand, Shell } from "./command.ts";
import type { World } from "./world.ts";

/** What a command is given; `logFormat: json` takes the place of text, on standard output and on standard error. */
export async function shellFor(
  { name, output }: { name: PreparedCommand["name"] | undefined; output: OutputForm },
  invocation: Invocation,
  world: World,
): Promise<Shell> {
  const redactor = createRedactor((text) => pythonLiteral(text).slice(1, -1));
  const common = { world, invocation, redactor, describe: describeFor(invocation, world, name) };
  const write = (text: string) => world.writeOut(redactor.redact(`${text}\n`));
  const draw = world.isTerminal ? (text: string) => world.writeOut(redactor.redact(text)) : undefined;
  const observer = createObserver(output, world.colour, write, redactor.redactAll, draw);
  if (logFormatOf(invocation, world.readFile) === "text") {
    const writeError = (text: string) => world.writeError(redactor.redact(`${text}\n`));
    const writeFinding = (finding: ReportedFinding) => writeError(findingText(finding, painter(world.colour)));
    return { ...common, observer, writeError, writeFinding };
  }
  const { createLog, findingEntry, logObserver } = await import("../../report/log/log.ts");
  const log = createLog(name, redactor.redactAll, world.clock.date);
  const writeLine = log.writerTo(world.writeError);
  return {
    ...common,
    observer: output === "text" ? logObserver(log, world.writeOut) : observer,
    writeError: (text, level = "info") => {
      for (const message of text.trim().split("\n")) writeLine({ level, message });
    },
    writeFinding: (finding) => writeLine(findingEntry(finding)),
  };
}

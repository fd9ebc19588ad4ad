import type { CommandName } from "../../findings/reader.ts";
import type { ReportedFinding } from "../../report/described-finding.ts";
import type { Observer, OutputForm } from "../../report/observer.ts";
import type { Redactor } from "../../report/redaction.ts";
import type { Report } from "../../report/report.ts";
import type { Invocation } from "../../settings/parse-settings.ts";
import type { Describe } from "./audience.ts";
import type { World } from "./world.ts";

/** A command, as data; what runs it is loaded only when it is run. */
export interface Command<Options> {
  name: CommandName;
  /** One line, for the list of commands. */
  description: string;
  /** The settings that it reads, by the start of their paths; `--help` shows flags of these alone. */
  reads: readonly string[];
  /** Its own flags. */
  flags: readonly Flag[];
  /** The forms in which it reports; none for one that prints something else. */
  outputs: readonly OutputForm[];
  examples: readonly string[];
  /** What was given to its own flags, parsed once. */
  parse(given: Readonly<Record<string, unknown>>): Options;
  load(): Promise<CommandBody<Options>>;
}

/** A flag of a command's own, as the command line library takes it. */
export interface Flag {
  /** `-v, --verbose`, `--wait <time>`. */
  syntax: string;
  description: string;
  choices?: readonly string[];
  default?: string;
  /** Parses one value; throws InvalidArgumentError. */
  parseValue?: (text: string, before: unknown) => unknown;
  /** The flag that it excludes, by its name as a property. */
  conflictsWith?: string;
}

/** What a command prints: a report, in the chosen form of output, or a text. */
export type Printed = { report: Report } | { text: string };

/** What a command does. An error that it throws is shown, and decides the exit code. */
export type CommandBody<Options> = (shell: Shell, options: Options) => Promise<Printed>;

/** What the shell gives to a command. */
export interface Shell {
  world: World;
  invocation: Invocation;
  redactor: Redactor;
  /** Shows what happens, in the chosen form of output. */
  observer: Observer;
  /** Puts a finding into words for whoever reads this run's output. */
  describe: Describe;
  /** Prints to standard error, secrets removed; the level is that of a log line (`logFormat: json`). */
  writeError(text: string, level?: "info" | "error"): void;
  /** Prints a finding to standard error, secrets removed. */
  writeFinding(finding: ReportedFinding): void;
}

/** A command whose options have been parsed. */
export interface PreparedCommand {
  name: CommandName;
  output: OutputForm;
  run(shell: Shell): Promise<Printed>;
}

/** A command, with the options that were given on the command line. */
export function prepare<Options>(command: Command<Options>, given: Readonly<Record<string, unknown>>): PreparedCommand {
  const options = command.parse(given);
  const output = command.outputs.find((form) => form === given["output"]) ?? "text";
  return { name: command.name, output, run: async (shell) => (await command.load())(shell, options) };
}

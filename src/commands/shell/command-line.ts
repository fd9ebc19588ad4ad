import { CommanderError, Option, Command as Parser } from "commander";
import { type Leaf, leavesOfSettings } from "../../settings/leaves.ts";
import { flagOf } from "../../settings/names.ts";
import type { Invocation } from "../../settings/parse-settings.ts";
import { type Command, type Flag, prepare } from "./command.ts";
import { reportUsage } from "./report-usage.ts";
import { runCommand } from "./run-command.ts";
import type { World } from "./world.ts";

/** Settings whose flags `--help` shows; the others are flags too, and docs/settings.md lists them all. */
const shownInHelp: ReadonlySet<string> = new Set([
  "appVersion",
  "trigger",
  "controlPlane.endpoint",
  "controlPlane.org",
  "controlPlane.caFile",
  "controlPlane.auth.type",
  "controlPlane.auth.clientId",
  "controlPlane.auth.clientSecretFile",
  "task.imageNamePrefix",
  "build.projects",
  "build.timeout",
  "policy.failure",
  "policy.whenNewer",
  "logFormat",
  "flyteCommand",
]);

const exitCodesHelp = `
Exit codes: 0 success · 1 failed, or not current · 2 wrong usage or settings · 3 control plane unreachable or refusing
4 warnings only (check --fail-on warning) · 124 deadline (timeouts.total) · 128+n ended by signal n`;

const settingsHelp = `
Every setting is a flag and a variable: task.logLevel is --task-log-level and REGISTRAR_TASK_LOG_LEVEL.
Flags override variables, variables override --config, which overrides --flyte-config. APP_VERSION, CONFIG_MAP_NAME and
LOG_LEVEL are used only for settings that none of these gives. All settings: docs/settings.md`;

/** The command line of the program. */
export interface CommandLine {
  add<Options>(command: Command<Options>): void;
  /** Runs the command that the arguments name. @returns the exit code */
  run(): Promise<number>;
}

/** A command line without commands. */
export function createCommandLine(args: readonly string[], world: World): CommandLine {
  let exitCode = 0;
  const program = new Parser("registrar")
    .description("Keeps the build-image task of the current appVersion registered on a Flyte 2 / Union control plane.")
    .version(world.version, "--version", "print the version")
    .helpOption("-h, --help", "show help")
    .exitOverride()
    .configureOutput({ writeOut: world.writeOut, writeErr: () => {} })
    .addHelpText("after", exitCodesHelp);
  const leaves = leavesOfSettings();
  return {
    add(command) {
      const words = command.name.split(" ");
      const parser = parserFor(program, words).description(command.description);
      // Each has some fifty options, and making them for commands that are not run takes longer than reading them.
      if (!words.every((word) => args.includes(word))) return;
      if (words.length > 1) separateOptions(parser);
      addOptions(parser, command, leaves);
      parser.action(async () => {
        const given = givenTo(parser);
        exitCode = await runCommand(prepare(command, given), invocationOf(given, leaves, world), world);
      });
    },
    async run() {
      try {
        await program.parseAsync(args, { from: "user" });
        return exitCode;
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        return error.exitCode === 0 ? 0 : await reportUsage(error, args, world);
      }
    },
  };
}

/** Makes the parser of a command; `images mirror` is below `images`, which was added before. */
function parserFor(program: Parser, words: readonly string[]): Parser {
  const above = words
    .slice(0, -1)
    .reduce((parser, word) => parser.commands.find((command) => command.name() === word) ?? parser, program);
  return above.command(words.at(-1) ?? "");
}

/** Makes what follows the name of a command its own, even if a command above has a flag of that name. */
function separateOptions({ parent }: Parser): void {
  if (!parent) return;
  parent.enablePositionalOptions();
  separateOptions(parent);
}

/** What was given to a command; before its name, flags of the command above count too. */
function givenTo(parser: Parser): Record<string, unknown> {
  return { ...parser.parent?.opts(), ...parser.opts() };
}

function addOptions<Options>(parser: Parser, command: Command<Options>, leaves: readonly Leaf[]): void {
  parser.option("-c, --config <file>", "YAML file of settings");
  parser.option("--flyte-config <file>", "configuration of the flyte CLI, for what no other source gives");
  for (const leaf of leaves) {
    const option = settingOption(leaf);
    // Every command takes the flag of every setting, so that a command line can be reused for another command.
    parser.addOption(isRead(leaf, command) && shownInHelp.has(leaf.path.join(".")) ? option : option.hideHelp());
  }
  for (const flag of command.flags) parser.addOption(optionOf(flag));
  parser.addHelpText("after", `\nExamples:\n${command.examples.map((example) => `  ${example}`).join("\n")}`);
  parser.addHelpText("after", settingsHelp);
}

/** Settings that the shell reads, whatever the command is. */
const readByShell = ["logFormat"] as const;

function isRead({ path }: Leaf, { reads }: { reads: readonly string[] }): boolean {
  const setting = path.join(".");
  return [...reads, ...readByShell].some((start) => setting === start || setting.startsWith(`${start}.`));
}

function settingOption(leaf: Leaf): Option {
  const words = leaf.kind.split("|");
  return words.length === 1
    ? new Option(`${flagOf(leaf)} <${leaf.kind}>`, leaf.description)
    : new Option(
        `${flagOf(leaf)} <word>`,
        `${leaf.description} (choices: ${words.map((word) => JSON.stringify(word)).join(", ")})`,
      );
}

function optionOf({ syntax, description, choices, default: fallback, parseValue, conflictsWith }: Flag): Option {
  const option = new Option(syntax, description);
  if (choices) option.choices([...choices]);
  if (fallback !== undefined) option.default(fallback);
  if (parseValue) option.argParser(parseValue);
  if (conflictsWith !== undefined) option.conflicts(conflictsWith);
  return option;
}

function invocationOf(given: Readonly<Record<string, unknown>>, leaves: readonly Leaf[], world: World): Invocation {
  const flags = leaves.flatMap((leaf) => {
    const value = given[attributeOf(leaf)];
    return typeof value === "string" ? [{ leaf, value }] : [];
  });
  const force = leaves.find(({ path }) => path.join(".") === "policy.force");
  if (force && given["force"] === true) flags.push({ leaf: force, value: "true" });
  return {
    configFile: textOf(given["config"]),
    flyteConfigFile: textOf(given["flyteConfig"]),
    flags,
    environment: world.environment,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The name under which commander keeps an option's value: that of its flag, in camel case. */
function attributeOf(leaf: Leaf): string {
  return new Option(flagOf(leaf)).attributeName();
}

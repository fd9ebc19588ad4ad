import { Command, CommanderError, Option } from "commander";
import { addCheckOptions, checkOptions } from "./commands/check/check-options.ts";
import { renderings } from "./commands/render/renderings.ts";
import type { ReportedInvocation } from "./commands/shell/reported.ts";
import type { World } from "./commands/shell/world.ts";
import { problem, RegistrarError } from "./findings/registrar-error.ts";
import { findingText, painter } from "./report/text.ts";
import { type Leaf, leavesOfSettings } from "./settings/leaves.ts";
import { flagOf } from "./settings/names.ts";

/** Settings whose flags stand in `--help`; the others are flags too, and docs/settings.md lists them all. */
const shownInHelp: ReadonlySet<string> = new Set([
  ...["--app-version", "--trigger", "--control-plane-endpoint", "--control-plane-org", "--control-plane-ca-file"],
  ...["--control-plane-auth-type", "--control-plane-auth-client-id", "--control-plane-auth-client-secret-file"],
  ...["--task-image-name-prefix", "--policy-failure", "--policy-when-newer", "--flyte-command"],
]);

const examples = {
  register: `
Examples:
  registrar register --config registrar.yaml
  registrar register --config registrar.yaml --dry-run
  APP_VERSION=2026.3.4 FLYTE_API_KEY=… registrar register --output json
  registrar register --config registrar.yaml --force`,
  verify: `
Examples:
  registrar verify --config registrar.yaml
  registrar verify --config registrar.yaml --app-version 2026.3.4 --output json`,
  check: `
Examples:
  registrar check --config registrar.yaml
  registrar check --flyte-config ~/.flyte/config.yaml
  registrar check --config registrar.yaml --category control-plane --category identity
  registrar check --config registrar.yaml --wait 5m --output short
  registrar check --config registrar.yaml --fail-on warning --skip tls-expires-soon
  registrar check --config registrar.yaml --bundle support.tgz`,
  status: `
Examples:
  registrar status --config registrar.yaml
  registrar status --control-plane-endpoint union.example.com --control-plane-org acme`,
  render: `
Examples:
  registrar render --app-version 2026.3.4
  registrar render --app-version 2026.3.4 --what python > build_image_task.py
  registrar render --config registrar.yaml --what flyte-config`,
};

const exitCodes = `
Exit codes: 0 fine · 1 the work failed, or the answer is no · 2 wrong usage or settings · 3 the control plane could not be
reached or refused us · 4 warnings only (check --fail-on warning) · 124 timeouts.total ran out · 128+n ended by signal n`;

/**
 * Runs the program.
 * @param args without the program's own name
 * @returns the exit code
 */
export async function runCli(args: readonly string[], world: World): Promise<number> {
  let exitCode = 0;
  const program = new Command("registrar")
    .description("Keeps the build-image task of the current release registered on a Flyte 2 / Union control plane.")
    .version(world.version, "--version", "print the version")
    .helpOption("-h, --help", "show help")
    .exitOverride()
    .configureOutput({ writeOut: world.writeOut, writeErr: () => {} })
    .addHelpText("after", exitCodes);

  const leaves = leavesOfSettings();
  const command = (name: keyof typeof examples, description: string) => {
    const made = program.command(name).description(description);
    // Each has some fifty options, and making them for commands that are not run takes longer than reading them.
    if (!args.includes(name)) return made;
    made.addHelpText("after", examples[name]);
    made.option("-c, --config <file>", "YAML file of settings");
    made.option("--flyte-config <file>", "configuration of the flyte CLI, for what no other source gives");
    for (const leaf of leaves) made.addOption(settingOption(leaf));
    const every =
      "Every setting is a flag and a variable: task.logLevel is --task-log-level and REGISTRAR_TASK_LOG_LEVEL.";
    return made.addHelpText(
      "after",
      `\n${every}\nFlags win over variables, variables over --config, that over --flyte-config. All of them: docs/settings.md`,
    );
  };
  const reporting = (name: "register" | "verify" | "status", description: string) =>
    command(name, description)
      .addOption(new Option("-o, --output <form>", "form of the report").choices(["text", "json"]).default("text"))
      .option("-v, --verbose", "show what the flyte CLI prints (secrets taken out)");
  const asked = (options: Record<string, unknown>): ReportedInvocation => ({
    ...invocationOf(options, leaves, world),
    output: options["output"] === "json" ? "json" : "text",
    verbose: options["verbose"] === true,
  });

  reporting("register", "make this release's definition current")
    .option("--dry-run", "show what would be done and write nothing")
    .option("--force", "replace a newer registration of another release, this once")
    .action(async (options: Record<string, unknown>) => {
      const { registerCommand } = await import("./commands/register/register-command.ts");
      exitCode = await registerCommand({ ...asked(options), dryRun: options["dryRun"] === true }, world);
    });
  reporting("verify", "read only: is this release's definition current?").action(async (options) => {
    const { verifyCommand } = await import("./commands/verify/verify-command.ts");
    exitCode = await verifyCommand(asked(options), world);
  });
  reporting("status", "read only: what is registered, by whom, since when").action(async (options) => {
    const { statusCommand } = await import("./commands/status/status-command.ts");
    exitCode = await statusCommand(asked(options), world);
  });
  addCheckOptions(
    command("check", "every prerequisite of remote image builds, in order, each failure with its fix"),
  ).action(async (options: Record<string, unknown>) => {
    const { checkCommand } = await import("./commands/check/check-command.ts");
    exitCode = await checkCommand({ ...invocationOf(options, leaves, world), ...checkOptions(options) }, world);
  });
  command(
    "render",
    "print the task as it is stored, or what the flyte CLI would be given: build_image_task.py, its configuration",
  )
    .addOption(new Option("--what <part>", "what to print").choices([...renderings]).default("task"))
    .action(async (options) => {
      const what = renderings.find((part) => part === options.what) ?? "task";
      const { renderCommand } = await import("./commands/render/render-command.ts");
      exitCode = await renderCommand({ ...invocationOf(options, leaves, world), what }, world);
    });

  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const { finding, exit } = usageProblem(error);
    world.writeError(`${findingText(finding, painter(false))}\n`);
    return exit;
  }
}

/** What is wrong with the command line, of what was thrown; anything else is thrown on. */
function usageProblem(error: unknown): RegistrarError {
  if (error instanceof RegistrarError && error.code === "usage-wrong") return error;
  if (!(error instanceof CommanderError)) throw error;
  const message = error.code === "commander.help" ? "no command is given" : error.message.replace(/^error: /, "");
  return problem("usage-wrong", { message });
}

function settingOption(leaf: Leaf): Option {
  const words = leaf.kind.split("|");
  const option =
    words.length === 1
      ? new Option(`${flagOf(leaf)} <${leaf.kind}>`, leaf.description)
      : new Option(`${flagOf(leaf)} <word>`, `${leaf.description}: ${words.join(", ")}`);
  return shownInHelp.has(flagOf(leaf)) ? option : option.hideHelp();
}

function invocationOf(options: Record<string, unknown>, leaves: readonly Leaf[], world: World) {
  const flags = leaves.flatMap((leaf) => {
    const value = options[attributeOf(leaf)];
    return typeof value === "string" ? [{ leaf, value }] : [];
  });
  const force = leaves.find(({ path }) => path.join(".") === "policy.force");
  if (force && options["force"] === true) flags.push({ leaf: force, value: "true" });
  const [configFile, flyteConfigFile] = [options["config"], options["flyteConfig"]].map((file) =>
    typeof file === "string" ? file : undefined,
  );
  return { configFile, flyteConfigFile, flags, environment: world.environment };
}

/** The name under which commander keeps an option's value: that of its flag, in camel case. */
function attributeOf(leaf: Leaf): string {
  return new Option(flagOf(leaf)).attributeName();
}

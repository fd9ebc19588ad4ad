import type { CommanderError } from "commander";
import { problem } from "../../findings/registrar-error.ts";
import { leavesOfSettings } from "../../settings/leaves.ts";
import { flagOf } from "../../settings/names.ts";
import type { Invocation } from "../../settings/parse-settings.ts";
import { shellFor } from "./shell-for.ts";
import type { World } from "./world.ts";

/** Prints what is wrong with the command line. @returns the exit code */
export async function reportUsage(
  { code, message: text }: CommanderError,
  args: readonly string[],
  world: World,
): Promise<number> {
  const message = code === "commander.help" ? "no command is given" : text.replace(/^error: /, "");
  const { finding, exit } = problem("usage-wrong", { message });
  const { writeFinding, describe } = await shellFor(
    { name: undefined, output: "text" },
    bareInvocation(args, world),
    world,
  );
  writeFinding(describe(finding));
  return exit;
}

/** What is known of a command line that cannot be parsed: only how to show what is wrong with it. */
function bareInvocation(args: readonly string[], { environment }: World): Invocation {
  const leaf = leavesOfSettings().find(({ path }) => path.join(".") === "logFormat");
  const value = leaf && valueIn(args, flagOf(leaf));
  const flags = leaf && value !== undefined ? [{ leaf, value }] : [];
  return { configFile: undefined, flyteConfigFile: undefined, flags, environment };
}

/** The value of a flag: `--flag value` or `--flag=value`. */
function valueIn(args: readonly string[], flag: string): string | undefined {
  const index = args.findLastIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  return args[index]?.split("=")[1] ?? args[index + 1];
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { categories } from "../../checks/engine/suite.ts";
import { type Code, catalogue } from "../../findings/registrar-error.ts";
import { duration } from "../../settings/field-types.ts";
import type { Invocation } from "../../settings/load.ts";
import type { CheckInvocation } from "./check-rounds.ts";

/** Adds the options that only `check` has. */
export function addCheckOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-o, --output <form>", "form of the report").choices(["text", "json", "short"]).default("text"),
    )
    .addOption(new Option("--category <name...>", "only these, and what they need").choices([...categories]))
    .addOption(new Option("--skip <code...>", "findings that are not to count").argParser(addCode))
    .addOption(
      new Option("--fail-on <severity>", "what ends with a failure").choices(["error", "warning"]).default("error"),
    )
    .addOption(
      new Option("--wait <time>", "repeat until nothing fails, at most this long, such as 5m").argParser(waitTime),
    )
    .addOption(
      new Option("--bundle <file>", "write a support bundle: findings, settings without secrets, what is registered")
        // It holds what all the checks found.
        .conflicts("category"),
    );
}

/** What the command line asks of `check`, as commander has read it. */
export function checkOptions(options: Record<string, unknown>): Omit<CheckInvocation, keyof Invocation> {
  const { output, category, skip, failOn, wait, bundle } = options;
  return {
    output: output === "json" || output === "short" ? output : "text",
    categories: categories.filter((name) => Array.isArray(category) && category.includes(name)),
    skip: Array.isArray(skip) ? skip : [],
    failOn: failOn === "warning" ? "warning" : "error",
    wait: typeof wait === "number" ? wait : 0,
    bundle: typeof bundle === "string" ? bundle : undefined,
  };
}

function addCode(text: string, before: readonly Code[] = []): Code[] {
  if (!Object.hasOwn(catalogue, text)) throw new InvalidArgumentError("docs/errors.md lists the codes.");
  return [...before, text as Code];
}

/** Milliseconds. */
function waitTime(text: string): number {
  const { data, error } = duration.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError(`It ${error.issues[0]?.message}.`);
  return data;
}

import { InvalidArgumentError } from "commander";
import { categories } from "../../checks/categories.ts";
import { type Code, catalog } from "../../findings/catalog/catalog.ts";
import { outputForms } from "../../report/observer.ts";
import { duration } from "../../settings/field-types.ts";
import type { Command } from "../shell/command.ts";
import { definitionSettings, outputFlag } from "../shell/flags.ts";
import type { CheckFlags } from "./check-flags.ts";

/** `registrar check`: every prerequisite of remote image builds. */
export const checkCommand: Command<CheckFlags> = {
  name: "check",
  description: "read only: every prerequisite of remote image builds, each failure with its fix",
  reads: [
    ...definitionSettings,
    "policy.role",
    "controlPlane",
    "cluster",
    "builds",
    "registry",
    "network",
    "flyteCommand",
  ],
  flags: [
    outputFlag,
    { syntax: "--category <name...>", description: "only these, and what they need", choices: categories },
    { syntax: "--skip <code...>", description: "leave out findings with these codes", parseValue: addCode },
    {
      syntax: "--fail-on <severity>",
      description: "least severity that fails",
      choices: ["error", "warning"],
      default: "error",
    },
    {
      syntax: "--wait <time>",
      description: "repeat until nothing fails, at most this long, such as 5m",
      parseValue: parseWait,
    },
    {
      syntax: "--bundle <file>",
      description:
        "write a support bundle: findings, settings without secrets, what is registered; - for base64 on standard error",
      // It holds what all the checks found.
      conflictsWith: "category",
    },
  ],
  outputs: outputForms,
  examples: [
    "registrar check --config registrar.yaml",
    "registrar check --flyte-config ~/.flyte/config.yaml --app-version 2026.3.4",
    "registrar check --config registrar.yaml --category control-plane --category identity",
    "registrar check --config registrar.yaml --wait 5m --output short",
    "registrar check --config registrar.yaml --fail-on warning --skip tls-expires-soon",
    "registrar check --config registrar.yaml --bundle support.tgz",
  ],
  parse: ({ category, skip, failOn, wait, bundle }) => {
    const chosen = categories.filter((name) => Array.isArray(category) && category.includes(name));
    return {
      categories: chosen.length > 0 ? chosen : categories,
      skip: Array.isArray(skip) ? skip : [],
      failOn: failOn === "warning" ? "warning" : "error",
      waitMilliseconds: typeof wait === "number" ? wait : 0,
      bundle: typeof bundle === "string" ? bundle : undefined,
    };
  },
  load: async () => (await import("./check-body.ts")).check,
};

function addCode(text: string, before: unknown): Code[] {
  if (!Object.hasOwn(catalog, text)) throw new InvalidArgumentError("docs/errors.md lists the codes.");
  return [...(Array.isArray(before) ? before : []), text as Code];
}

/** Milliseconds. */
function parseWait(text: string): number {
  const { data, error } = duration.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError(`It ${error.issues[0]?.message}.`);
  return data;
}

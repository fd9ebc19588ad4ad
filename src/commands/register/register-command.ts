import { outputForms } from "../../report/observer.ts";
import type { Command } from "../shell/command.ts";
import { definitionSettings, outputFlag } from "../shell/flags.ts";
import type { RegisterOptions } from "./register-body.ts";

/** `registrar register`: makes the definition of this appVersion current. */
export const registerCommand: Command<RegisterOptions> = {
  name: "register",
  description: "make this appVersion's definition current",
  reads: [...definitionSettings, "trigger", "controlPlane", "policy", "cluster", "timeouts", "flyteCommand"],
  flags: [
    outputFlag,
    { syntax: "--dry-run", description: "show what would be done, and write nothing" },
    { syntax: "--force", description: "replace another Helm release's newer registration, this once" },
    {
      syntax: "-v, --verbose",
      description: "show what the flyte CLI prints (task.deployWith: flyte), without secrets",
    },
  ],
  outputs: outputForms,
  examples: [
    "registrar register --config registrar.yaml",
    "registrar register --config registrar.yaml --dry-run",
    "APP_VERSION=2026.3.4 FLYTE_API_KEY=… registrar register --output json",
    "registrar register --config registrar.yaml --force",
  ],
  parse: (given) => ({ dryRun: given["dryRun"] === true, verbose: given["verbose"] === true }),
  load: async () => (await import("./register-body.ts")).register,
};

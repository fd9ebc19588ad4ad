import { InvalidArgumentError } from "commander";
import { outputForms } from "../../report/observer.ts";
import type { Command } from "../shell/command.ts";
import { definitionSettings, outputFlag } from "../shell/flags.ts";
import type { VerifyFlags } from "./verify-flags.ts";

/** `registrar verify`: whether the current registration is this definition. */
export const verifyCommand: Command<VerifyFlags> = {
  name: "verify",
  description: "is this appVersion's definition current? Read only, unless --build proves it by a real build",
  reads: [
    ...definitionSettings,
    "trigger",
    "policy.role",
    "controlPlane",
    "cluster",
    "build",
    "timeouts.total",
    "timeouts.controlPlane",
  ],
  flags: [
    outputFlag,
    { syntax: "--build", description: "build one small image through the registered task, as SDK users' builds do" },
    { syntax: "--dry-run", description: "with --build: say what would be built, and write nothing" },
  ],
  outputs: outputForms,
  examples: [
    "registrar verify --config registrar.yaml",
    "registrar verify --config registrar.yaml --app-version 2026.3.4 --output json",
    "registrar verify --config registrar.yaml --build",
    "registrar verify --config registrar.yaml --build --dry-run --build-projects '[flytesnacks/development]'",
  ],
  parse: ({ build, dryRun }) => {
    if (dryRun === true && build !== true) throw new InvalidArgumentError("--dry-run requires --build");
    return { build: build === true, dryRun: dryRun === true };
  },
  load: async () => (await import("./verify-body.ts")).verify,
};

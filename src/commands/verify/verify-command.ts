import { outputForms } from "../../report/observer.ts";
import type { Command } from "../shell/command.ts";
import { definitionSettings, outputFlag } from "../shell/flags.ts";

/** `registrar verify`: whether the current registration is this definition. */
export const verifyCommand: Command<undefined> = {
  name: "verify",
  description: "read only: is this appVersion's definition current?",
  reads: [...definitionSettings, "trigger", "controlPlane", "cluster", "timeouts.total", "timeouts.controlPlane"],
  flags: [outputFlag],
  outputs: outputForms,
  examples: [
    "registrar verify --config registrar.yaml",
    "registrar verify --config registrar.yaml --app-version 2026.3.4 --output json",
  ],
  parse: () => undefined,
  load: async () => (await import("./verify-body.ts")).verify,
};

import { statusForms } from "../../report/observer.ts";
import type { Command } from "../shell/command.ts";
import { definitionSettings, outputFlag } from "../shell/flags.ts";

/** `registrar status`: what is registered, and how the last runs ended. */
export const statusCommand: Command<undefined> = {
  name: "status",
  description: "read only: what is registered, by whom, since when, and how the last runs ended",
  reads: [...definitionSettings, "policy.role", "controlPlane", "cluster", "timeouts.total", "timeouts.controlPlane"],
  flags: [{ ...outputFlag, choices: statusForms }],
  outputs: statusForms,
  examples: [
    "registrar status --config registrar.yaml",
    "registrar status --control-plane-endpoint union.example.com --control-plane-org acme",
    "registrar status --config registrar.yaml --output openmetrics",
  ],
  parse: () => undefined,
  load: async () => (await import("./status-body.ts")).status,
};

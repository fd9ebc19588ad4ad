import type { Command } from "../shell/command.ts";
import { definitionSettings } from "../shell/flags.ts";
import { type Rendering, renderings } from "./renderings.ts";

/** `registrar render`: prints what a registration would use. */
export const renderCommand: Command<Rendering> = {
  name: "render",
  description: "print the task as it is stored, or as the flyte CLI gets it: build_image_task.py and its configuration",
  reads: [...definitionSettings, "controlPlane"],
  flags: [{ syntax: "--what <part>", description: "what to print", choices: renderings, default: "task" }],
  outputs: [],
  examples: [
    "registrar render --app-version 2026.3.4",
    "registrar render --app-version 2026.3.4 --what python > build_image_task.py",
    "registrar render --config registrar.yaml --what flyte-config",
  ],
  parse: (given) => renderings.find((part) => part === given["what"]) ?? "task",
  load: async () => (await import("./render-body.ts")).render,
};

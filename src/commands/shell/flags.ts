import { type OutputForm, outputForms } from "../../report/observer.ts";
import type { Flag } from "./command.ts";

/** Settings that say which definition is meant, and who owns it. */
export const definitionSettings = ["appVersion", "appVersionFrom", "release", "task"] as const;

/** The form in which a command reports. */
export const outputFlag: Flag = {
  syntax: "-o, --output <form>",
  description: "form of the report",
  choices: outputForms,
  default: "text" satisfies OutputForm,
};

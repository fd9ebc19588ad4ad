import * as z from "zod";
import { describedFinding } from "../described-finding.ts";
import { runReportSchema } from "../run-report.ts";

const { code, why, fix, next, docs } = describedFinding.partial().shape;
const text = z.string().optional();
const { subject } = runReportSchema.shape;
const { trigger, release, appVersion } = subject.unwrap().partial().shape;
/** On these, a line can be filtered alone. */
const where = "In the lines of findings and in the last line of register, verify, status and check";

/** One line of `logFormat: json`; docs/schemas/log.schema.json is generated from it. A key that does not apply is absent. */
export const logLineSchema = z.strictObject({
  time: z.iso.datetime().meta({ description: "UTC" }),
  level: z.enum(["info", "warning", "error"]),
  severity: z.enum(["INFO", "WARNING", "ERROR"]).meta({ description: "The level as Google Cloud Logging reads it" }),
  message: z.string().meta({ description: "One line" }),
  command: text.meta({ description: "Absent if the command line names none" }),
  version: text.meta({ description: "Of the program, in the first line of a run" }),
  subject: subject.meta({ description: "In the first line of a run: what it is about" }),
  trigger: trigger.meta({ description: where }),
  release: release.meta({ description: `${where}: the Helm release` }),
  appVersion: appVersion.meta({ description: `${where}, once it is known` }),
  step: text.meta({ description: "Name of a step that has ended" }),
  category: text.meta({ description: "Category of a check" }),
  check: text.meta({ description: "Name of a check, unique within its category" }),
  // Not "status": Datadog takes that for the severity, by its first letter.
  outcome: text.meta({ description: "How the step or check ended, as its status in the report" }),
  code,
  why,
  fix,
  next,
  docs,
  image: text.meta({ description: "An image of images mirror: where it is copied from" }),
  target: text.meta({ description: "Where the image is, or was to be; of a build, the image as the task gets it" }),
  digest: text,
  project: text.meta({ description: "Of a build" }),
  domain: text.meta({ description: "Of a build" }),
  state: text.meta({ description: "How the run, a build or a copy ended, as in the report" }),
  exitCode: z.int().optional().meta({ description: "In the last line of a run" }),
  milliseconds: z.number().optional().meta({ description: "How long it took" }),
});

export type LogLine = z.output<typeof logLineSchema>;

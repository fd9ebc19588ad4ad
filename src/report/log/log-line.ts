import * as z from "zod";
import { describedFinding } from "../described-finding.ts";
import { runReportSchema } from "../run-report.ts";

const { code, why, fix, next, docs } = describedFinding.partial().shape;
const text = z.string().optional();

/** One line of `logFormat: json`; docs/schemas/log.schema.json is generated from it. A key that does not apply is absent. */
export const logLineSchema = z.strictObject({
  time: z.iso.datetime().meta({ description: "UTC" }),
  level: z.enum(["info", "warning", "error"]),
  message: z.string().meta({ description: "One line" }),
  command: text.meta({ description: "Absent if the command line names none" }),
  version: text.meta({ description: "Of the program, in the first line of a run" }),
  subject: runReportSchema.shape.subject.meta({ description: "In the first line of a run: what it is about" }),
  step: text.meta({ description: "Name of a step that has ended" }),
  category: text.meta({ description: "Category of a check" }),
  check: text.meta({ description: "Name of a check, unique within its category" }),
  status: text.meta({ description: "How the step or check ended, as in the report" }),
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

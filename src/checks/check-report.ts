import * as z from "zod";
import { findingSchema } from "../report/report.ts";
import { categories } from "./engine/suite.ts";

const result = z.strictObject({
  category: z.enum(categories),
  name: z.string().meta({ description: "Unique within its category, and stable" }),
  title: z.string().meta({ description: "What is right where it passes" }),
  status: z.enum(["passed", "warning", "failed", "skipped"]),
  detail: z.string().meta({ description: "What was found, or why it was skipped" }),
  finding: findingSchema.optional(),
  milliseconds: z.number(),
});

/** The document that `check --output json` prints; docs/schemas/check.schema.json is made from it. */
export const checkReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  program: z.strictObject({ name: z.literal("image-builder-registrar"), version: z.string() }),
  command: z.literal("check"),
  checks: z.array(result),
  summary: z.string(),
  exitCode: z.int(),
  milliseconds: z.number(),
});

export type CheckReport = z.output<typeof checkReportSchema>;
/** How one check ended, as the document has it. */
export type ReportedCheck = CheckReport["checks"][number];

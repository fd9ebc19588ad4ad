import * as z from "zod";
import { describedFinding } from "./described-finding.ts";

const check = z.strictObject({
  category: z.string().meta({ description: "What it is about: settings, control-plane, …" }),
  name: z.string().meta({ description: "Stable, and unique within its category" }),
  title: z.string().meta({ description: "What holds if it passes" }),
  status: z.enum(["passed", "warning", "failed", "skipped"]),
  detail: z.string().meta({ description: "What was found, or why it was skipped" }),
  skipped: z.enum(["not-needed", "not-here", "blocked", "ignored"]).optional().meta({
    description:
      "Why it was skipped: there is nothing to check; it cannot be checked from where this ran; a check that it needs failed or could not tell; --skip",
  }),
  finding: describedFinding.optional(),
  milliseconds: z.number(),
});

/** What `check` reports; docs/schemas/check.schema.json is generated from it. */
export const checkReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  program: z.strictObject({ name: z.literal("image-builder-registrar"), version: z.string() }),
  command: z.literal("check"),
  checks: z.array(check),
  summary: z.string(),
  exitCode: z.int(),
  milliseconds: z.number(),
});

export type CheckReport = z.output<typeof checkReportSchema>;
/** How one check ended, as the report has it. */
export type ReportedCheck = CheckReport["checks"][number];

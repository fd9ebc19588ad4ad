import * as z from "zod";
import { describedFinding } from "./described-finding.ts";

const mirroredImage = z.strictObject({
  source: z.string().meta({ description: "Where the image is copied from" }),
  target: z.string().meta({ description: "Where it is, or was to be" }),
  state: z
    .enum(["copied", "there", "planned", "failed"])
    .meta({ description: "there: the target had it already; planned: with --dry-run, it would be copied" }),
  digest: z.string().optional().meta({ description: "Of the image, or of the index of its platforms" }),
  finding: describedFinding.optional().meta({ description: "Why it failed" }),
  milliseconds: z.number(),
});

/** What `images mirror` reports; docs/schemas/mirror.schema.json is generated from it. */
export const mirrorReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  program: z.strictObject({ name: z.literal("image-builder-registrar"), version: z.string() }),
  command: z.literal("images mirror"),
  tool: z.string().optional().meta({ description: "What copied the images" }),
  images: z.array(mirroredImage),
  leftOut: z
    .array(z.strictObject({ what: z.string(), fix: z.string() }))
    .meta({ description: "What could not be named, so that it was not copied, and what to give" }),
  warnings: z.array(describedFinding).meta({ description: "Such as logins that a registry has refused" }),
  summary: z.string(),
  exitCode: z.int(),
  milliseconds: z.number(),
});

export type MirrorReport = z.output<typeof mirrorReportSchema>;
/** How the copy of one image ended, as the report has it. */
export type ReportedImage = MirrorReport["images"][number];

import * as z from "zod";

/** A finding, as every report shows it. */
export const describedFinding = z.strictObject({
  code: z.string().meta({ description: "Stable; never given another meaning" }),
  severity: z.enum(["error", "warning"]),
  what: z.string(),
  why: z.string().meta({ description: "The raw cause; empty if there is none" }),
  fix: z.string(),
  next: z.string().meta({ description: "A command to run next" }),
  docs: z.string().meta({ description: "Where the code is explained" }),
});

export type ReportedFinding = z.output<typeof describedFinding>;

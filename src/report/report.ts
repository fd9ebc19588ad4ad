import * as z from "zod";

const commands = ["register", "verify", "status"] as const;

const time = z.iso.datetime().meta({ description: "UTC" });

const registration = z
  .strictObject({
    version: z.string(),
    appVersion: z.string().meta({ description: "As its annotations say, else read from the version's name" }),
    registeredAt: time.optional(),
    registeredBy: z
      .string()
      .optional()
      .meta({ description: "The Helm release that owns it; absent where it was registered manually" }),
    isWanted: z.boolean().meta({ description: "Whether it is the definition that these settings give" }),
  })
  .meta({ description: "One version of task build-image on the control plane" });

/** A finding, as every document of the program shows it. */
export const findingSchema = z.strictObject({
  code: z.string().meta({ description: "Stable; never given another meaning" }),
  severity: z.enum(["error", "warning"]),
  what: z.string(),
  why: z.string().meta({ description: "The raw cause; empty where what says all" }),
  fix: z.string(),
  next: z.string().meta({ description: "A command to run next" }),
});

const step = z.strictObject({
  name: z.string(),
  status: z.enum(["ok", "warning", "failed"]),
  detail: z.string(),
  milliseconds: z.number(),
});

const working = ["registered", "up-to-date", "kept", "superseded", "planned"] as const;
const answering = ["current", "not-current", "known"] as const;
const states = [...working, ...answering, "failed", "interrupted"] as const;

/** What the status ConfigMap keeps of one run. */
export const recordedRun = z.strictObject({
  trigger: z.string(),
  time,
  command: z.enum(commands),
  state: z.enum(states),
  summary: z.string(),
  exitCode: z.int(),
  codes: z.array(z.string()).meta({ description: "Codes of its findings" }),
  appVersion: z.string().optional(),
  registrar: z.string().meta({ description: "Version of this program" }),
});

/** The document that `--output json` prints; docs/schemas/report.schema.json is made from it. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  program: z.strictObject({ name: z.literal("image-builder-registrar"), version: z.string() }),
  command: z.enum(commands),
  state: z
    .enum(states)
    .meta({ description: "How it ended; failed also where the exit code is 0 because policy.failure is warn" }),
  summary: z.string().meta({ description: "The state in one sentence" }),
  subject: z
    .strictObject({
      controlPlane: z.string(),
      org: z.string(),
      project: z.string(),
      domain: z.string(),
      task: z.string(),
      appVersion: z.string().optional(),
      trigger: z.string(),
      release: z.string(),
    })
    .optional()
    .meta({ description: "Absent where the settings could not be read" }),
  current: registration.optional().meta({ description: "The current registration at the end of the run" }),
  previous: registration.optional().meta({ description: "The current registration at its start, where it changed" }),
  versions: z
    .array(z.strictObject({ version: z.string(), registeredAt: time.optional() }))
    .optional()
    .meta({ description: "status only: the newest versions, newest first" }),
  runs: z
    .array(recordedRun)
    .optional()
    .meta({ description: "status only: the last run of each trigger, as the cluster keeps it, newest first" }),
  steps: z.array(step),
  findings: z.array(findingSchema),
  exitCode: z.int(),
  milliseconds: z.number(),
});

export type Report = z.output<typeof reportSchema>;
export type RecordedRun = z.output<typeof recordedRun>;
export type Step = z.output<typeof step>;
export type ReportedRegistration = z.output<typeof registration>;

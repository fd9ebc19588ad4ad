import * as z from "zod";
import { describedFinding } from "./described-finding.ts";
import { states } from "./run-states.ts";

const commands = ["register", "verify", "status"] as const;

const time = z.iso.datetime().meta({ description: "UTC" });

const registration = z
  .strictObject({
    version: z.string(),
    appVersion: z.string().meta({ description: "From its annotations, else from the name of the version" }),
    registeredAt: time.optional(),
    registeredBy: z
      .string()
      .optional()
      .meta({ description: "The Helm release that owns it; absent if it was registered manually" }),
    isWanted: z.boolean().meta({ description: "Whether it is the definition of these settings" }),
  })
  .meta({ description: "One version of task build-image on the control plane" });

const step = z.strictObject({
  name: z.string(),
  status: z.enum(["ok", "warning", "failed"]),
  detail: z.string(),
  milliseconds: z.number(),
});

/** One run, as the status ConfigMap keeps it. */
export const recordedRun = z.strictObject({
  trigger: z.string(),
  time,
  command: z.enum(commands),
  state: z.enum(states),
  summary: z.string(),
  exitCode: z.int(),
  codes: z.array(z.string()).meta({ description: "Codes of its findings" }),
  failure: z
    .strictObject({ what: z.string(), why: z.string(), fix: z.string(), next: z.string() })
    .optional()
    .meta({ description: "The error that it ended with" }),
  appVersion: z.string().optional(),
  registrar: z.string().meta({ description: "Version of this program" }),
  milliseconds: z.number().optional().meta({ description: "How long it took" }),
});

const build = z
  .strictObject({
    project: z.string(),
    domain: z.string(),
    state: z.enum(["built", "failed", "planned"]),
    baseImage: z.string(),
    layers: z.array(z.string()),
    target: z.string().meta({ description: "The image as the task gets it" }),
    timeoutSeconds: z.number(),
    run: z.string().optional().meta({ description: "The name of the run" }),
    url: z.string().optional().meta({ description: "The run in the control plane's console" }),
    image: z.string().optional().meta({ description: "The image in full, as SDK users get it" }),
    digest: z.string().optional().meta({ description: "Of the pushed image, if the build's log has it" }),
    deleteCommand: z.string().optional().meta({ description: "The command that deletes the image" }),
    phases: z
      .array(z.strictObject({ name: z.string(), milliseconds: z.number() }))
      .meta({ description: "How long each phase took, by the control plane's clock" }),
    notes: z.array(z.string()).meta({ description: "What differs from a build of an SDK user, and why" }),
    milliseconds: z.number(),
  })
  .meta({ description: "One build of verify --build" });

/** What `register`, `verify` and `status` report; docs/schemas/report.schema.json is generated from it. */
export const runReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  program: z.strictObject({ name: z.literal("image-builder-registrar"), version: z.string() }),
  command: z.enum(commands),
  state: z
    .enum(states)
    .meta({ description: "How it ended; failed even if the exit code is 0 because policy.failure is warn" }),
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
    .meta({ description: "What the run is about; if settings are refused, as far as the others say" }),
  current: registration.nullable().optional().meta({
    description:
      "The current registration by the last lookup; null if nothing is registered, absent if that is not known: not looked up, no answer, or written since",
  }),
  previous: registration.optional().meta({ description: "The current registration at the start, if it changed" }),
  versions: z
    .array(z.strictObject({ version: z.string(), registeredAt: time.optional() }))
    .optional()
    .meta({ description: "status only: the newest versions, newest first" }),
  runs: z
    .array(recordedRun)
    .optional()
    .meta({ description: "status only: the last run of each trigger from the status ConfigMap, newest first" }),
  builds: z.array(build).optional().meta({ description: "verify --build only: one for each of build.projects" }),
  steps: z.array(step),
  findings: z.array(describedFinding),
  exitCode: z.int(),
  milliseconds: z.number(),
});

export type RunReport = z.output<typeof runReportSchema>;
export type RecordedRun = z.output<typeof recordedRun>;
export type Step = z.output<typeof step>;
export type ReportedBuild = z.output<typeof build>;
export type ReportedRegistration = z.output<typeof registration>;

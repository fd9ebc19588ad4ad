import * as z from "zod";
import { clusterSchema } from "./cluster-schema.ts";
import { controlPlaneSchema } from "./control-plane-schema.ts";
import { appVersion, duration, nonEmptyText, text } from "./field-types.ts";
import { taskSchema } from "./task-schema.ts";

// Each schema is used once a run: compiling it first would take longer than using it.
z.config({ jitless: true });

// Every leaf carries a description and an example: the flags, the environment variables, docs/settings.md, the JSON
// schema and the messages about wrong settings are all made from them.

const policy = z.strictObject({
  failure: z
    .enum(["fail", "warn"])
    .default("fail")
    .meta({
      description: "warn ends a failed registration with exit code 0 after reporting it in full",
      examples: ["warn"],
    }),
  whenNewer: z
    .enum(["keep", "replace", "fail"])
    .default("keep")
    .meta({
      description: "What to do when another release has registered a newer appVersion",
      examples: ["keep"],
    }),
  ensureProject: z
    .boolean()
    .default(true)
    .meta({ description: "Create the project, or make it active again, where needed", examples: [true] }),
  force: z
    .boolean()
    .default(false)
    .meta({ description: "Replace a newer registration of another release, this once", examples: [true] }),
});

const timeouts = z.strictObject({
  total: duration
    .prefault("240s")
    .meta({ description: "The whole run; keep it below Helm's --timeout (5m)", examples: ["240s"] }),
  controlPlane: duration
    .prefault("120s")
    .meta({ description: "How long to retry a control plane that does not answer", examples: ["120s"] }),
  flyte: duration.prefault("60s").meta({ description: "One run of the flyte CLI", examples: ["60s"] }),
});

const triggers = ["install", "upgrade", "rollback", "manual", "schedule", "test"] as const;

/** All settings, as a `--config` file writes them; strict, so an unknown key is an error and not a surprise. */
export const settingsSchema = z.strictObject({
  appVersion: appVersion
    .optional()
    .meta({ description: "Release whose build-image to register; else appVersionFrom", examples: ["2026.3.4"] }),
  appVersionFrom: text
    .refine((value) => /^deployment\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value), "is not deployment/<name>")
    .optional()
    .meta({
      description: "Take appVersion from a running data plane: HELM_APP_VERSION of this Deployment's containers",
      examples: ["deployment/union-operator"],
    }),
  trigger: z
    .enum(triggers)
    .default("manual")
    .meta({ description: "Why this run happens", examples: ["upgrade"] }),
  release: z
    .strictObject({
      cluster: text.default("").meta({ description: "Name of the cluster", examples: ["prod-us"] }),
      namespace: text.default("").meta({ description: "Namespace of the Helm release", examples: ["union"] }),
      name: nonEmptyText
        .default("registrar")
        .meta({ description: "Name of the Helm release; the three sign what is registered", examples: ["dataplane"] }),
    })
    .prefault({}),
  controlPlane: controlPlaneSchema.prefault({}),
  task: taskSchema.prefault({}),
  policy: policy.prefault({}),
  cluster: clusterSchema.prefault({}),
  timeouts: timeouts.prefault({}),
  flyteCommand: nonEmptyText
    .default("flyte")
    .meta({ description: "The flyte CLI: a name on PATH or a path", examples: ["/opt/flyte/bin/flyte"] }),
});

export type Settings = z.output<typeof settingsSchema>;
export type Trigger = (typeof triggers)[number];
export type Policy = z.output<typeof policy>;

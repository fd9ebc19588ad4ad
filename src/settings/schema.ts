import * as z from "zod";
import { buildSchema } from "./build-schema.ts";
import { buildsSchema } from "./builds-schema.ts";
import { clusterSchema } from "./cluster-schema.ts";
import { controlPlaneSchema } from "./control-plane-schema.ts";
import { appVersion, duration, nonEmptyText, text } from "./field-types.ts";
import { networkSchema } from "./network-schema.ts";
import { registrySchema } from "./registry-schema.ts";
import { taskSchema } from "./task-schema.ts";

// Each schema is used once per run, and compiling it takes longer than that.
z.config({ jitless: true });

// Every leaf has a description and an example: flags, environment variables, docs/settings.md, the JSON schema and the messages
// about wrong settings are generated from them.

const policy = z.strictObject({
  role: z
    .enum(["owner", "member"])
    .default("owner")
    .meta({
      description: "member: verify and check what another data plane registers, and never write to the control plane",
      examples: ["member"],
    }),
  failure: z
    .enum(["fail", "warn"])
    .default("fail")
    .meta({
      description:
        "How a failed registration ends, wrong settings included: fail with its exit code, or warn (reported in full, exit code 0)",
      examples: ["warn"],
    }),
  whenNewer: z
    .enum(["keep", "replace", "fail"])
    .default("keep")
    .meta({
      description: "What to do if another Helm release has registered a newer appVersion",
      examples: ["keep"],
    }),
  lookAgainAfter: duration.optional().meta({
    description:
      "A scheduled run asks the control plane only if what it would ask has changed, the last run found something, or its answer is older than this; requires cluster.enabled",
    examples: ["1h"],
  }),
  ensureProject: z
    .boolean()
    .default(true)
    .meta({ description: "Create or reactivate the project if needed", examples: [true] }),
  force: z
    .boolean()
    .default(false)
    .meta({ description: "Replace another Helm release's newer registration, this once", examples: [true] }),
});

const timeouts = z.strictObject({
  total: duration
    .prefault("240s")
    .meta({ description: "The whole run; keep it below Helm's --timeout (5m)", examples: ["240s"] }),
  controlPlane: duration
    .prefault("120s")
    .meta({ description: "How long to retry requests to the control plane", examples: ["120s"] }),
  flyte: duration.prefault("60s").meta({ description: "One run of the flyte CLI", examples: ["60s"] }),
});

const triggers = ["install", "upgrade", "rollback", "manual", "schedule", "test", "build"] as const;

/** All settings, as a `--config` file writes them; strict, so an unknown key is an error. */
export const settingsSchema = z.strictObject({
  appVersion: appVersion.optional().meta({
    description: "The platform's version to register build-image for; without it, that of appVersionFrom",
    examples: ["2026.3.4"],
  }),
  appVersionFrom: text
    .refine((value) => /^deployment\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value), "is not deployment/<name>")
    .optional()
    .meta({
      description: "Read appVersion from a running data plane: HELM_APP_VERSION in the containers of this Deployment",
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
      name: nonEmptyText.default("registrar").meta({
        description: "Name of the Helm release; cluster, namespace and name identify the owner of a registration",
        examples: ["dataplane"],
      }),
    })
    .prefault({}),
  controlPlane: controlPlaneSchema.prefault({}),
  task: taskSchema.prefault({}),
  policy: policy.prefault({}),
  cluster: clusterSchema.prefault({}),
  build: buildSchema.prefault({}),
  builds: buildsSchema.prefault({}),
  registry: registrySchema.prefault({}),
  network: networkSchema.prefault({}),
  timeouts: timeouts.prefault({}),
  logFormat: z
    .enum(["text", "json"])
    .default("text")
    .meta({
      description: "How a run is shown: text for people, or json, one object a line, for those who collect logs",
      examples: ["json"],
    }),
  flyteCommand: nonEmptyText
    .default("flyte")
    .meta({ description: "The flyte CLI: a name on PATH or a path", examples: ["/opt/flyte/bin/flyte"] }),
});

export type Settings = z.output<typeof settingsSchema>;
export type Trigger = (typeof triggers)[number];
export type Policy = z.output<typeof policy>;

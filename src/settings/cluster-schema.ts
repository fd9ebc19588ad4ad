import * as z from "zod";
import { nonEmptyText, objectName, text } from "./field-types.ts";

const keyOf = { key: nonEmptyText };

/** What the chart has created around a run. Source: chart/templates; findings name these objects. */
const chartObjectsSchema = z.strictObject({
  valuesPrefix: text.optional(),
  /** Label app.kubernetes.io/name of its objects, where it is not the chart's name. */
  nameLabel: nonEmptyText.optional(),
  cronJob: objectName.optional(),
  registerCronJob: objectName.optional(),
  forceCronJob: objectName.optional(),
  checkCronJob: objectName.optional(),
  buildCronJob: objectName.optional(),
  credential: z.strictObject({ secret: objectName, ...keyOf }).optional(),
  registryCredential: z.strictObject({ secret: objectName, ...keyOf }).optional(),
  caBundle: z.strictObject({ kind: z.enum(["ConfigMap", "Secret"]), name: objectName, ...keyOf }).optional(),
});

/** What a run has to do with the Kubernetes cluster that it runs in; the chart sets all of it. */
export const clusterSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .meta({
      description: "Report each run to the cluster: Events on its Job, and the status ConfigMap",
      examples: [true],
    }),
  statusConfigMap: nonEmptyText
    .default("image-builder-registrar-status")
    .meta({ description: "ConfigMap that keeps the last result of each trigger", examples: ["registrar-status"] }),
  settingsConfigMap: nonEmptyText.optional().meta({
    description:
      "ConfigMap of the --config file; a scheduled run reads it again before a write, and stops if it has changed",
    examples: ["dataplane-image-builder-registrar"],
  }),
  buildNamespaces: z
    .array(objectName)
    .default([])
    .meta({
      description: "Namespaces where builds run, for check; else that of the Helm release",
      examples: [["flytesnacks-development"]],
    }),
  buildNamespaceSelector: nonEmptyText.optional().meta({
    description: "Label selector of namespaces where builds run, for check; in addition to buildNamespaces",
    examples: ["union.ai/namespace-type=flyte"],
  }),
  buildServiceAccount: objectName.optional().meta({
    description:
      "Service account of build pods, for check, where neither task.podTemplate nor PodTemplate task-template names one; else default",
    examples: ["union"],
  }),
  chartObjects: chartObjectsSchema.optional().meta({
    description: "What the chart has created, for messages that name it",
    examples: [{ cronJob: "dataplane-image-builder-registrar" }],
  }),
  jobName: text.default("").meta({ description: "Job of this run, from the downward API", examples: ["registrar-29"] }),
  jobUid: text.default("").meta({
    description: "UID of that Job, from the downward API",
    examples: ["5e7f0d1c-8a43-4c52-9d26-1f0c3b0a9e11"],
  }),
});

export type ClusterSettings = z.output<typeof clusterSchema>;

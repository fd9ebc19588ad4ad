import * as z from "zod";
import { nonEmptyText, objectName, text } from "./field-types.ts";

/** What a run has to do with the Kubernetes cluster that it runs in; the chart sets all of it. */
export const clusterSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .meta({
      description: "Tell the cluster of each run: Events on its Job, and the status ConfigMap",
      examples: [true],
    }),
  statusConfigMap: nonEmptyText
    .default("image-builder-registrar-status")
    .meta({ description: "ConfigMap that keeps the last result of each trigger", examples: ["registrar-status"] }),
  settingsConfigMap: nonEmptyText.optional().meta({
    description:
      "ConfigMap of the --config file; a scheduled run reads it again before a write and stops if it changed",
    examples: ["dataplane-image-builder-registrar"],
  }),
  buildNamespaces: z
    .array(objectName)
    .default([])
    .meta({
      description: "Namespaces where builds run, for check; else that of the release",
      examples: [["system-production"]],
    }),
  jobName: text.default("").meta({ description: "Job of this run, from the downward API", examples: ["registrar-29"] }),
  jobUid: text.default("").meta({
    description: "UID of that Job, from the downward API",
    examples: ["5e7f0d1c-8a43-4c52-9d26-1f0c3b0a9e11"],
  }),
});

export type ClusterSettings = z.output<typeof clusterSchema>;

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { parseSamples, type Sample } from "./sample.ts";

/** Where test/cluster/record-alerts.ts writes what it finds. */
export const recordingPath = join(import.meta.dirname, "../recordings/kube-state-metrics.json");

const recordingSchema = z.object({
  kubernetes: z.string(),
  kubeStateMetrics: z.string(),
  snapshots: z.record(
    z.string(),
    z.object({
      takenAt: z.iso.datetime(),
      /** Lines of what it serves of our objects, with our annotations on its allow-list. */
      served: z.array(z.string()),
      /** Those of annotations where none is on the list. */
      annotationsByDefault: z.array(z.string()),
    }),
  ),
});
export type Recording = z.output<typeof recordingSchema>;

/** What kube-state-metrics served of a namespace at a moment. */
export interface Snapshot {
  takenAt: Date;
  samples: readonly Sample[];
  /** Whether our annotations are on its allow-list. */
  withAllowList: readonly Sample[];
}

/** The recorded snapshots by name. */
export function recordedSnapshots(): Readonly<Record<string, Snapshot>> {
  const { snapshots } = recordingSchema.parse(JSON.parse(readFileSync(recordingPath, "utf8")));
  return Object.fromEntries(
    Object.entries(snapshots).map(([name, { takenAt, served, annotationsByDefault }]) => {
      const withAllowList = parseSamples(served.join("\n"));
      const others = withAllowList.filter((sample) => sample.name !== annotationsMetric);
      const samples = [...others, ...parseSamples(annotationsByDefault.join("\n"))];
      return [name, { takenAt: new Date(takenAt), samples, withAllowList }];
    }),
  );
}

/** The metric of the annotations that are on the allow-list. */
export const annotationsMetric = "kube_configmap_annotations";

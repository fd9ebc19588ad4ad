import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** Where test/cluster/record-alerts.ts writes what it finds. */
export const recordingPath = join(import.meta.dirname, "../recordings/cluster-objects.json");

const time = z.iso.datetime();
const metadata = z.object({
  name: z.string(),
  namespace: z.string(),
  creationTimestamp: time,
  annotations: z.record(z.string(), z.string()).optional(),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean() })).optional(),
});
const condition = z.object({ type: z.string(), status: z.string(), reason: z.string().optional() });

/** Objects of a namespace at a moment, with the fields that kube-state-metrics reads. */
export const snapshotSchema = z.object({
  takenAt: time,
  cronJobs: z.array(
    z.object({
      metadata,
      spec: z.object({ schedule: z.string(), suspend: z.boolean() }),
      status: z.object({ lastScheduleTime: time.optional(), lastSuccessfulTime: time.optional() }),
    }),
  ),
  jobs: z.array(
    z.object({
      metadata,
      status: z.object({
        startTime: time.optional(),
        completionTime: time.optional(),
        conditions: z.array(condition).optional(),
      }),
    }),
  ),
  configMaps: z.array(z.object({ metadata })),
});
export type Snapshot = z.output<typeof snapshotSchema>;

const recordingSchema = z.object({ kubernetes: z.string(), snapshots: z.record(z.string(), snapshotSchema) });

/** The recorded snapshots by name. */
export function recordedSnapshots(): Readonly<Record<string, Snapshot>> {
  return recordingSchema.parse(JSON.parse(readFileSync(recordingPath, "utf8"))).snapshots;
}

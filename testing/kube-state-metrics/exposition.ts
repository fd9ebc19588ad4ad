import type { Snapshot } from "./recording.ts";

/** A sample of kube-state-metrics. A time is in seconds since 1970. */
export interface ExposedSample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
  /** Whether the value is a time. */
  isTime: boolean;
}

type CronJob = Snapshot["cronJobs"][number];
type Job = Snapshot["jobs"][number];

/**
 * What kube-state-metrics exposes of recorded objects, with the annotations of our ConfigMap on its allow-list; the metrics that alerts
 * and dashboard read.
 * Source: kube-state-metrics, internal/store/cronjob.go, job.go, configmap.go (v2), docs/metrics/workload/{cronjob,job}-metrics.md
 * @param nextTime the time after another one at which a schedule runs
 */
export function exposition(
  { cronJobs, jobs, configMaps }: Snapshot,
  nextTime: (schedule: string, after: Date) => Date,
): ExposedSample[] {
  return [
    ...cronJobs.flatMap((cronJob) => ofCronJob(cronJob, nextTime)),
    ...jobs.flatMap(ofJob),
    ...configMaps.map(({ metadata: { namespace, name, annotations = {} } }) => ({
      name: "kube_configmap_annotations",
      labels: { namespace, configmap: name, ...exposedAnnotations(annotations) },
      value: 1,
      isTime: false,
    })),
  ];
}

/** A suspended CronJob has no next time; the next time follows the last one, or the creation. */
function ofCronJob({ metadata, spec, status }: CronJob, nextTime: (schedule: string, after: Date) => Date) {
  const labels = { namespace: metadata.namespace, cronjob: metadata.name };
  const { lastScheduleTime, lastSuccessfulTime } = status;
  const next = nextTime(spec.schedule, new Date(lastScheduleTime ?? metadata.creationTimestamp)).toISOString();
  return [
    ...timeOf("kube_cronjob_created", labels, metadata.creationTimestamp),
    ...timeOf("kube_cronjob_status_last_schedule_time", labels, lastScheduleTime),
    ...timeOf("kube_cronjob_status_last_successful_time", labels, lastSuccessfulTime),
    ...timeOf("kube_cronjob_next_schedule_time", labels, spec.suspend ? undefined : next),
    number("kube_cronjob_spec_suspend", labels, spec.suspend ? 1 : 0),
  ];
}

function ofJob({ metadata, status }: Job): ExposedSample[] {
  const labels = { namespace: metadata.namespace, job_name: metadata.name };
  const owners = metadata.ownerReferences ?? [{ kind: "", name: "", controller: undefined }];
  const ended = (type: string) =>
    (status.conditions ?? []).filter((condition) => condition.type === type).map((condition) => condition.status);
  const conditions = (name: string, type: string) =>
    ended(type).flatMap((is) =>
      ["true", "false", "unknown"].map((condition) =>
        number(name, { ...labels, condition }, is.toLowerCase() === condition ? 1 : 0),
      ),
    );
  return [
    ...timeOf("kube_job_created", labels, metadata.creationTimestamp),
    ...timeOf("kube_job_status_start_time", labels, status.startTime),
    ...timeOf("kube_job_status_completion_time", labels, status.completionTime),
    ...conditions("kube_job_complete", "Complete"),
    ...conditions("kube_job_failed", "Failed"),
    ...owners.map(({ kind, name, controller }) =>
      number(
        "kube_job_owner",
        { ...labels, owner_kind: kind, owner_name: name, owner_is_controller: `${controller ?? ""}` },
        1,
      ),
    ),
  ];
}

/** The allow-list has ours alone; a label's name has `_` in place of what it may not contain. */
function exposedAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const ours = Object.entries(annotations).filter(([key]) => key.startsWith("image-builder-registrar.union.ai/"));
  return Object.fromEntries(ours.map(([key, value]) => [`annotation_${key.replaceAll(/[^a-zA-Z0-9_]/g, "_")}`, value]));
}

function timeOf(name: string, labels: Readonly<Record<string, string>>, time: string | undefined): ExposedSample[] {
  return time === undefined ? [] : [{ name, labels, value: Date.parse(time) / 1000, isTime: true }];
}

function number(name: string, labels: Readonly<Record<string, string>>, value: number): ExposedSample {
  return { name, labels, value, isTime: false };
}

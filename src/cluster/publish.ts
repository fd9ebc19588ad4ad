import { type Finding, finding } from "../findings/finding.ts";
import type { RunReport } from "../report/run-report.ts";
import type { ClusterSettings } from "../settings/cluster-schema.ts";
import type { OpenCluster } from "./cluster.ts";
import { confirmationOf } from "./confirmation.ts";
import { eventsOf } from "./events.ts";
import { annotationsOf, statusOf } from "./status-config-map.ts";

/**
 * Publishes how a run ended: Events on its Job, and its entry of the status ConfigMap. A failure does not change how the run
 * ends.
 * @param report with its secrets removed
 * @param question what the run asked, of `questionOf`; nothing if no later run may rely on the answer
 * @returns a warning that names what could not be written
 */
export async function publishRun(
  report: RunReport,
  settings: ClusterSettings,
  openCluster: () => ReturnType<OpenCluster>,
  { time, question }: { time: Date; question: string | undefined },
): Promise<Finding | undefined> {
  const { jobName, jobUid, statusConfigMap } = settings;
  const events = jobName === "" || jobUid === "" ? [] : eventsOf(report);
  const data = Object.assign(statusOf(report, time), confirmationOf(report, time, question));
  let failures: { target: string; why: string }[];
  try {
    const cluster = await openCluster();
    const job = { name: jobName, uid: jobUid };
    const writes = [
      ...events.map((event) => ({ target: "Events", done: cluster.createEvent(job, event, time) })),
      {
        target: `ConfigMap ${statusConfigMap}`,
        done: cluster.patchConfigMap(statusConfigMap, data, annotationsOf(report)),
      },
    ];
    const ends = await Promise.allSettled(writes.map(({ done }) => done));
    failures = ends.flatMap((end, index) =>
      end.status === "rejected" ? [{ target: writes[index]?.target ?? "", why: reasonOf(end.reason) }] : [],
    );
  } catch (error) {
    failures = [{ target: "Events and status", why: reasonOf(error) }];
  }
  if (failures.length === 0) return undefined;
  const told = unique(failures.map(({ target }) => target)).join(" and ");
  return finding("warning", "cluster-not-told", { told }, unique(failures.map(({ why }) => why)).join("\n"));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { type Finding, finding } from "../findings/registrar-error.ts";
import type { Report } from "../report/report.ts";
import type { ClusterSettings } from "../settings/cluster-schema.ts";
import type { OpenCluster } from "./cluster.ts";
import { eventsOf } from "./events.ts";
import { statusOf } from "./status-config-map.ts";

/**
 * Tells the cluster how a run ended: Events on its Job, and its entry of the status ConfigMap. Never an error: what could
 * not be told is a finding, and the run ends as it would have.
 * @param report with its secrets taken out
 */
export async function tellCluster(
  report: Report,
  settings: ClusterSettings,
  openCluster: () => ReturnType<OpenCluster>,
  time: Date,
): Promise<Finding | undefined> {
  const { jobName, jobUid, statusConfigMap } = settings;
  const events = jobName === "" || jobUid === "" ? [] : eventsOf(report);
  let failures: { told: string; why: string }[];
  try {
    const cluster = await openCluster();
    const job = { name: jobName, uid: jobUid };
    const tidings = [
      ...events.map((event) => ({ told: "Events", work: cluster.createEvent(job, event, time) })),
      {
        told: `ConfigMap ${statusConfigMap}`,
        work: cluster.patchConfigMap(statusConfigMap, statusOf(report, time)),
      },
    ];
    const ends = await Promise.allSettled(tidings.map(({ work }) => work));
    failures = ends.flatMap((end, index) =>
      end.status === "rejected" ? [{ told: tidings[index]?.told ?? "", why: reasonOf(end.reason) }] : [],
    );
  } catch (error) {
    failures = [{ told: "Events and status", why: reasonOf(error) }];
  }
  if (failures.length === 0) return undefined;
  const unique = (texts: string[]) => [...new Set(texts)];
  const told = unique(failures.map((failure) => failure.told)).join(" and ");
  return finding("warning", "cluster-not-told", { told }, unique(failures.map(({ why }) => why)).join("\n"));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

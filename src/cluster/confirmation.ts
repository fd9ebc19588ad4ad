import { createHash } from "node:crypto";
import { toJson } from "@bufbuild/protobuf";
import * as z from "zod";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { Definition } from "../definition/definition.ts";
import type { RunReport } from "../report/run-report.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { Settings } from "../settings/schema.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { parseJson } from "../system/parse-json.ts";
import type { OpenCluster } from "./cluster.ts";

const confirmedKey = "confirmed";

/** That there was nothing left to do about a question, as the status ConfigMap keeps it. */
const confirmation = z.strictObject({ question: z.string(), version: z.string(), time: z.iso.datetime() });

/** What the control plane answered last. */
export interface Confirmed {
  version: string;
  /** When a scheduled run asks again. */
  due: Date;
}

/** What a run asks the control plane, and where, as a hash: equal for runs of which the second has nothing to ask. */
export function questionOf(
  { task, policy }: Settings,
  { endpoint, org }: ControlPlaneTarget,
  { spec }: Definition,
  programVersion: string,
): string {
  const { project, domain } = task;
  const parts = [programVersion, endpoint.url, org, project, domain, policy.role, toJson(TaskSpecSchema, spec)];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Ends of `register` after which nothing is left to do. */
const settled: ReadonlySet<RunReport["state"]> = new Set(["registered", "up-to-date", "kept", "observed", "unchanged"]);

/**
 * The entry of the status ConfigMap after a run: its answer, if it ended without any finding; none, if it found something, so
 * that the next scheduled run looks again.
 */
export function confirmationOf(report: RunReport, time: Date, question: string | undefined): Record<string, string> {
  const { command, state, current, findings, exitCode } = report;
  if (question === undefined) return {};
  if (exitCode !== 0 || findings.length > 0) return { [confirmedKey]: "" };
  if (command !== "register" || !settled.has(state) || !current) return {};
  const { version } = current;
  return { [confirmedKey]: JSON.stringify({ question, version, time: time.toISOString() }) };
}

/**
 * The last answer to this question, if a scheduled run need not ask again yet (`policy.lookAgainAfter`). Never an error: if the
 * status cannot be read, the run asks. So it does if the time of the answer is in the future, by another node's clock.
 */
export async function recallConfirmed(
  { trigger, policy, cluster, release }: Settings,
  question: string | undefined,
  { openCluster, clock }: { openCluster: OpenCluster; clock: Clock },
  outer: AbortSignal,
): Promise<Confirmed | undefined> {
  const { lookAgainAfter } = policy;
  if (trigger !== "schedule" || lookAgainAfter === undefined || question === undefined) return undefined;
  try {
    const signal = AbortSignal.any([outer, clock.timeout(deadlines.cluster.milliseconds)]);
    const data = await (await openCluster(release.namespace, signal)).readConfigMap(cluster.statusConfigMap);
    const { data: last } = confirmation.safeParse(parseJson(data[confirmedKey] ?? ""));
    if (last?.question !== question) return undefined;
    const time = Date.parse(last.time);
    const now = clock.date().getTime();
    const due = new Date(time + lookAgainAfter);
    return time <= now && now < due.getTime() ? { version: last.version, due } : undefined;
  } catch {
    outer.throwIfAborted();
    return undefined;
  }
}

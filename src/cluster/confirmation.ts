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
import { confirmedKey } from "./status-config-map.ts";

/** That there was nothing left to do about a question, as the status ConfigMap keeps it. */
const confirmation = z.strictObject({ question: z.string(), version: z.string(), time: z.iso.datetime() });

/** What the control plane answered last. */
export interface Confirmed {
  version: string;
  /** When a scheduled run asks again. */
  due: Date;
}

/**
 * What a run asks the control plane, and by which way, as a hash: equal for runs of which the second has nothing to ask. It has
 * the names of files, variables and mounted objects, and no secret: a hash that anyone may read would let them try guesses.
 */
export function questionOf(
  { task, policy, controlPlane, cluster: { chartObjects } }: Settings,
  { endpoint, org, credentials, proxy }: ControlPlaneTarget,
  { spec }: Definition,
  programVersion: string,
): string {
  const { project, domain, deployWith } = task;
  const mounted = [chartObjects?.credential, chartObjects?.caBundle];
  const clientId = credentials.type === "clientSecret" ? credentials.clientId : undefined;
  const connection = { ...controlPlane, proxy: proxy && `${proxy.url.protocol}//${proxy.url.host}` };
  const where = [endpoint.url, org, project, domain, connection, clientId, mounted];
  const parts = [programVersion, where, policy.role, deployWith, toJson(TaskSpecSchema, spec)];
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

/** How much younger than `policy.lookAgainAfter` an answer may be: the run just then may start early, and the last one took its time. */
const longestEarly = 60_000;

/**
 * The last answer to this question in a status ConfigMap, if a scheduled run need not ask again yet. A run asks if the time of the
 * answer is in the future, by another node's clock.
 */
export function confirmedIn(
  data: Readonly<Record<string, string>>,
  question: string,
  lookAgainAfter: number,
  now: Date,
): Confirmed | undefined {
  const { data: last } = confirmation.safeParse(parseJson(data[confirmedKey] ?? ""));
  if (last?.question !== question) return undefined;
  const time = Date.parse(last.time);
  const due = new Date(time + lookAgainAfter - Math.min(longestEarly, lookAgainAfter / 2));
  return time <= now.getTime() && now < due ? { version: last.version, due } : undefined;
}

/**
 * The last answer to this question, if a scheduled run need not ask again yet (`policy.lookAgainAfter`). Never an error: if the
 * status cannot be read, the run asks.
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
    return confirmedIn(data, question, lookAgainAfter, clock.date());
  } catch {
    outer.throwIfAborted();
    return undefined;
  }
}

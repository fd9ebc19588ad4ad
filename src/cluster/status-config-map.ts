import * as z from "zod";
import type { Own, Remembered } from "../registration/decision.ts";
import type { ReportedFinding } from "../report/described-finding.ts";
import { registrationMetrics } from "../report/metrics/registration-metrics.ts";
import { type RecordedRun, type RunReport, recordedRun } from "../report/run-report.ts";
import { parseJson } from "../system/parse-json.ts";
import { maximalFindings, shorten } from "./limits.ts";

/** Keys in addition to one per trigger: the current registration, those that are this installation's own, and metrics. */
const currentKey = "current";
const ownKey = "own";
const metricsKey = "metrics";

/** The key of the last answer that a scheduled run may rely on. */
export const confirmedKey = "confirmed";

/**
 * What the status ConfigMap keeps of a run: the last result under its trigger's key, the current registration, the
 * last one that was this installation's own, and the run's metrics: of other triggers, it knows nothing without a further request.
 * A fixed number of keys, each of bounded size, so the ConfigMap does not grow.
 */
export function statusOf(report: RunReport, time: Date): Record<string, string> {
  const { subject, current, command, state, summary, exitCode, findings, program } = report;
  const trigger = subject?.trigger ?? "manual";
  const error = findings.find(({ severity }) => severity === "error");
  const run: RecordedRun = {
    trigger,
    time: time.toISOString(),
    command,
    state,
    summary: shorten(summary),
    exitCode,
    codes: findings.slice(0, maximalFindings).map(({ code }) => code),
    ...(error && { failure: failureOf(error) }),
    ...(subject?.appVersion !== undefined && { appVersion: subject.appVersion }),
    registrar: program.version,
    milliseconds: report.milliseconds,
  };
  const owner = current?.registeredBy;
  return {
    [trigger]: JSON.stringify(run),
    // A run that has not asked knows nothing of the current registration, and leaves what the last one saw.
    ...(state !== "not-due" && { [metricsKey]: `${registrationMetrics(report, [run])}\n` }),
    ...(current !== undefined && { [currentKey]: current ? JSON.stringify({ ...current, seen: run.time }) : "" }),
    ...(current?.isWanted &&
      owner !== undefined &&
      owner === subject?.release &&
      ownStatus([{ version: current.version, owner }])),
  };
}

/** Annotations of the status ConfigMap: kube-state-metrics exposes annotations of ConfigMaps, and not their data. */
const annotations = {
  state: "image-builder-registrar.union.ai/current",
  owner: "image-builder-registrar.union.ai/current-owner",
} as const;

/**
 * Whose the current registration is, as annotations; no annotations if the run does not know: `wanted` (the definition of the
 * settings, whoever owns it), else `own`, `other-owner`, or `manual` if it has no owner; `none` if nothing is registered.
 */
export function annotationsOf({ current, subject }: RunReport): Record<string, string> {
  if (current === undefined) return {};
  const owner = current?.registeredBy ?? "";
  const whose = owner === "" ? "manual" : owner === subject?.release ? "own" : "other-owner";
  const state = current ? (current.isWanted ? "wanted" : whose) : "none";
  return { [annotations.state]: state, [annotations.owner]: shorten(owner) };
}

/** The texts of an error, each cut to a bounded length. */
function failureOf({ what, why, fix, next }: ReportedFinding): NonNullable<RecordedRun["failure"]> {
  return { what: shorten(what), why: shorten(why), fix: shorten(fix), next: shorten(next) };
}

/** The runs in a status ConfigMap, newest first. Entries that are not runs are left out: a person may edit it. */
export function recordedRuns(data: Readonly<Record<string, string>>): RecordedRun[] {
  return Object.entries(data)
    .flatMap(([, text]) => parsed(recordedRun, text) ?? [])
    .sort((a, b) => (a.time === b.time ? 0 : a.time < b.time ? 1 : -1));
}

/** One is added by each run that is about to register another version; the others are removed once one is found to be current. */
const maximalOwn = 10;

/**
 * The entries that note what is about to be registered, in addition to what is noted already: if the write fails, that is
 * still current. The last answer is emptied: it does not hold after the write, and a run that is killed cannot empty it.
 */
export function announcement(data: Readonly<Record<string, string>>, { version, owner }: Own): Record<string, string> {
  const others = (rememberedIn(data).own ?? []).filter((each) => each.version !== version || each.owner !== owner);
  return { ...ownStatus([...others, { version, owner }].slice(-maximalOwn)), [confirmedKey]: "" };
}

function ownStatus(own: readonly Own[]): Record<string, string> {
  return { [ownKey]: JSON.stringify(own) };
}

const own = z.array(z.object({ version: z.string(), owner: z.string() })).min(1);
const seen = z.object({ version: z.string() });

/** What a status ConfigMap holds for the plan of the next run. Entries that a person has broken are ignored. */
export function rememberedIn(data: Readonly<Record<string, string>>): Remembered {
  return { own: parsed(own, data[ownKey]), seen: parsed(seen, data[currentKey])?.version };
}

function parsed<T>(schema: z.ZodType<T>, text = ""): T | undefined {
  return schema.safeParse(parseJson(text)).data;
}

import * as z from "zod";
import type { Own, Remembered } from "../registration/plan.ts";
import { type RecordedRun, type Report, recordedRun } from "../report/report.ts";
import { cut, mostFindings } from "./cut.ts";

/** Keys beside one key a trigger: the current registration, and those that are this installation's own. */
const currentKey = "current";
const ownKey = "own";

/**
 * What the status ConfigMap keeps of a run: the last result under its trigger's key, the current registration, and the
 * last one that was this installation's own. A fixed number of keys, each of bounded size, so the ConfigMap does not grow.
 */
export function statusOf(report: Report, time: Date): Record<string, string> {
  const { subject, current, command, state, summary, exitCode, findings, program } = report;
  const trigger = subject?.trigger ?? "manual";
  const run: RecordedRun = {
    ...{ trigger, time: time.toISOString(), command, state, summary: cut(summary), exitCode },
    codes: findings.slice(0, mostFindings).map(({ code }) => code),
    ...(subject?.appVersion !== undefined && { appVersion: subject.appVersion }),
    registrar: program.version,
  };
  const owner = current?.registeredBy;
  return {
    [trigger]: JSON.stringify(run),
    ...(current && { [currentKey]: JSON.stringify({ ...current, seen: run.time }) }),
    ...(current?.isWanted &&
      owner !== undefined &&
      owner === subject?.release &&
      ownStatus([{ version: current.version, owner }])),
  };
}

/** The runs that a status ConfigMap tells of, newest first. What is no run of ours (a person may edit it) is left out. */
export function recordedRuns(data: Readonly<Record<string, string>>): RecordedRun[] {
  return Object.entries(data)
    .flatMap(([, text]) => parsed(recordedRun, text) ?? [])
    .sort((a, b) => b.time.localeCompare(a.time));
}

/** One is added only by a run that is about to register another version, and the rest go once one is found to be current. */
const mostOwn = 10;

/**
 * The entry that notes what is about to be registered. What was this installation's own stays so beside it: where the write
 * fails, that is still current.
 */
export function announcement(data: Readonly<Record<string, string>>, { version, owner }: Own): Record<string, string> {
  const others = (rememberedIn(data).own ?? []).filter((each) => each.version !== version || each.owner !== owner);
  return ownStatus([...others, { version, owner }].slice(-mostOwn));
}

function ownStatus(own: readonly Own[]): Record<string, string> {
  return { [ownKey]: JSON.stringify(own) };
}

const own = z.array(z.object({ version: z.string(), owner: z.string() })).min(1);
const seen = z.object({ version: z.string() });

/** What a status ConfigMap remembers for the next run's plan; what a person has broken in it is forgotten. */
export function rememberedIn(data: Readonly<Record<string, string>>): Remembered {
  return { own: parsed(own, data[ownKey]), seen: parsed(seen, data[currentKey])?.version };
}

function parsed<T>(schema: z.ZodType<T>, text = ""): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

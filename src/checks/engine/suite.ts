import { asRegistrarError, type Finding, finding } from "../../findings/registrar-error.ts";
import type { Clock } from "../../system/clock.ts";

/** The categories, in the order in which they are shown. */
export const categories = ["settings", "control-plane", "identity", "registration", "data-plane", "buildkit"] as const;

/** What a check is about. */
export type Category = (typeof categories)[number];

/** What a check found that went well: words for a person, and what other checks build on. */
export interface Passed<T> {
  detail: string;
  value: T;
}

/** Nothing to find out here: no other check's fault. */
interface NotNeeded {
  notNeeded: string;
}

/** It could not be found out, which is no failure of what is asked for. */
export interface Unknown {
  unknown: Finding;
}

/** How a check ends where it throws nothing. */
export type Outcome<T> = Passed<T> | NotNeeded | Unknown;

/** How a check ended, for a report. */
export interface CheckResult {
  category: Category;
  name: string;
  title: string;
  status: "passed" | "warning" | "failed" | "skipped";
  /** What was found, or why it was skipped. */
  detail: string;
  finding?: Finding;
  milliseconds: number;
}

/** How a check ended, for the checks that need it. */
interface Ended<T> {
  result: CheckResult;
  /** Absent where it failed, could not tell, or was skipped. */
  value?: { of: T };
}

/** A check of a suite; others need its value. */
export interface Check<T> {
  /** Runs it, and first what it needs; the second call gives what the first one gave. */
  ended(): Promise<Ended<T>>;
}

/** A check, as data and one function. */
interface CheckDefinition<T, Needs extends readonly Check<unknown>[]> {
  category: Category;
  /** Unique within its category, and stable: `tls`. */
  name: string;
  /** What is right where it passes, in words: "the certificate is trusted". */
  title: string;
  /** What a failure counts as. Only an error stops the checks that need this one. */
  severity: Finding["severity"];
  /** Checks that must have passed; `run` gets what they found. */
  needs: readonly [...Needs];
  /** Milliseconds. */
  deadline: number;
  /** What throws is a failure: an error of the catalogue is its finding. */
  run(found: ValuesOf<Needs>, signal: AbortSignal): Promise<Outcome<T>> | Outcome<T>;
}

type ValuesOf<Needs extends readonly Check<unknown>[]> = {
  [Index in keyof Needs]: Needs[Index] extends Check<infer T> ? T : never;
};

/** A set of checks that run side by side, as far as they do not need each other. */
export interface Suite {
  /** Adds a check; nothing runs yet. */
  check<T, const Needs extends readonly Check<unknown>[]>(definition: CheckDefinition<T, Needs>): Check<T>;
  /**
   * Runs the checks of these categories and what they need.
   * @param onResult is told of each as soon as all before it are, in the order in which they were added; of those that
   * are only needed, those that did not pass
   */
  run(chosen: readonly Category[], onResult: (result: CheckResult) => void): Promise<void>;
}

/**
 * Makes a suite.
 * @param signal ends every check
 */
export function createSuite(signal: AbortSignal, clock: Clock): Suite {
  const added: { category: Category; started: () => Promise<Ended<unknown>> | undefined; check: Check<unknown> }[] = [];
  return {
    check<T, const Needs extends readonly Check<unknown>[]>(definition: CheckDefinition<T, Needs>): Check<T> {
      let started: Promise<Ended<T>> | undefined;
      const check: Check<T> = {
        ended() {
          started ??= runCheck(definition, signal, clock);
          return started;
        },
      };
      added.push({ category: definition.category, started: () => started, check });
      return check;
    },
    async run(chosen, onResult) {
      const isChosen = ({ category }: { category: Category }) => chosen.includes(category);
      for (const { check } of added.filter(isChosen)) check.ended();
      for (const one of added) {
        const ended = await one.started();
        const isTold = isChosen(one) || ended?.result.status === "failed" || ended?.result.status === "warning";
        if (ended && isTold) onResult(ended.result);
      }
    },
  };
}

/** Milliseconds for a check to say in its own words that its deadline has come. */
const grace = 250;

async function runCheck<T, const Needs extends readonly Check<unknown>[]>(
  { category, name, title, severity, needs, deadline, run }: CheckDefinition<T, Needs>,
  outer: AbortSignal,
  clock: Clock,
): Promise<Ended<T>> {
  const needed = await Promise.all(needs.map((check) => check.ended()));
  const started = clock.now();
  const about = () => ({ category, name, title, milliseconds: Math.round(clock.now() - started) });
  const missing = needed.find(({ value }) => value === undefined)?.result;
  if (missing) return { result: { ...about(), status: "skipped", detail: because(missing) } };

  const found = needed.map(({ value }) => value?.of) as ValuesOf<Needs>;
  const signal = AbortSignal.any([outer, AbortSignal.timeout(deadline)]);
  const end = AbortSignal.any([outer, AbortSignal.timeout(deadline + grace)]);
  try {
    const outcome = await Promise.race([run(found, signal), aborted(end)]);
    if ("notNeeded" in outcome) return { result: { ...about(), status: "skipped", detail: outcome.notNeeded } };
    if ("unknown" in outcome) {
      const { unknown } = outcome;
      return { result: { ...about(), status: "warning", detail: unknown.what, finding: unknown } };
    }
    const { detail, value } = outcome;
    return { result: { ...about(), status: "passed", detail }, value: { of: value } };
  } catch (error) {
    // Some of what a check waits for ends with the signal's own reason, which names no cause.
    const isLate = [signal, end].some(({ aborted, reason }) => aborted && error === reason);
    const failure = isLate
      ? finding(severity, "check-timeout", { check: `${category}/${name}`, seconds: deadline / 1000 })
      : asRegistrarError(error).finding;
    const isWarning = severity === "warning" || failure.severity === "warning";
    const told: Finding = { ...failure, severity: isWarning ? "warning" : "error" };
    return { result: { ...about(), status: isWarning ? "warning" : "failed", detail: told.what, finding: told } };
  }
}

/** The reason of a skipped check: the check at the root of it. */
function because({ status, category, name, detail }: CheckResult): string {
  if (status === "skipped") return detail;
  return `${category}/${name} ${status === "failed" ? "failed" : "could not tell"}`;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

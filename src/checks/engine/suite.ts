import { type Finding, finding } from "../../findings/finding.ts";
import { asRegistrarError } from "../../findings/registrar-error.ts";
import type { Clock } from "../../system/clock.ts";
import { deadlines } from "../../system/deadlines.ts";
import {
  type Check,
  type CheckFunction,
  type CheckId,
  type CheckOptions,
  type CheckResult,
  type Ended,
  nameOf,
  type ValuesOf,
} from "./check.ts";

/** Checks that run side by side, as far as they do not need each other. */
export interface Suite {
  /**
   * Adds a check; nothing runs yet.
   * @param id category and name: `control-plane/tls`
   * @param title what holds if it passes: "the certificate is trusted"
   */
  check<T, const Needs extends readonly Check<unknown>[]>(
    id: `${string}/${string}`,
    title: string,
    options: CheckOptions<Needs>,
    run: CheckFunction<T, Needs>,
  ): Check<T>;
  /**
   * Runs the checks of these categories and what they need.
   * @param onResult is called for each check as soon as all before it have ended, in the order in which they were added;
   * for those that are only needed, if they did not pass
   */
  run(chosen: readonly string[], onResult: (result: CheckResult) => void): Promise<void>;
}

interface Added {
  category: string;
  check: Check<unknown>;
  /** Absent as long as nothing has started it. */
  started(): Promise<Ended<unknown>> | undefined;
}

/**
 * Makes a suite without checks.
 * @param signal ends every check
 */
export function createSuite(signal: AbortSignal, clock: Clock): Suite {
  const added: Added[] = [];
  return {
    check<T, const Needs extends readonly Check<unknown>[]>(
      id: `${string}/${string}`,
      title: string,
      options: CheckOptions<Needs>,
      run: CheckFunction<T, Needs>,
    ): Check<T> {
      const [category = "", name = ""] = id.split("/");
      const about = { category, name, title };
      let started: Promise<Ended<T>> | undefined;
      const check: Check<T> = {
        run() {
          started ??= runCheck(about, options, run, signal, clock);
          return started;
        },
      };
      added.push({ category, check, started: () => started });
      return check;
    },
    async run(chosen, onResult) {
      const isChosen = ({ category }: Added) => chosen.includes(category);
      for (const { check } of added.filter(isChosen)) check.run();
      for (const one of added) {
        const ended = await one.started();
        if (!ended) continue;
        const isNotable = ended.result.status === "failed" || ended.result.status === "warning";
        if (isChosen(one) || isNotable) onResult(ended.result);
      }
    },
  };
}

async function runCheck<T, const Needs extends readonly Check<unknown>[]>(
  about: CheckId & { title: string },
  { needs, after = [], deadline, severity = "error" }: CheckOptions<Needs>,
  run: CheckFunction<T, Needs>,
  outer: AbortSignal,
  clock: Clock,
): Promise<Ended<T>> {
  const [needed, before] = await Promise.all([
    Promise.all(needs.map((check) => check.run())),
    Promise.all(after.map((check) => check.run())),
  ]);
  const started = clock.now();
  const timed = () => ({ ...about, milliseconds: Math.round(clock.now() - started) });
  const missing = (needed.find(({ value }) => value === undefined) ?? before.find(hasError))?.result;
  if (missing) return { result: { ...timed(), status: "skipped", ...reasonToSkip(missing) } };

  const found = needed.map(({ value }) => value?.of) as ValuesOf<Needs>;
  const signal = AbortSignal.any([outer, clock.timeout(deadline.milliseconds)]);
  const end = AbortSignal.any([outer, clock.timeout(deadline.milliseconds + deadlines.checkGrace.milliseconds)]);
  try {
    const outcome = await Promise.race([run(found, signal), rejectAt(end)]);
    if ("notNeeded" in outcome) {
      return { result: { ...timed(), status: "skipped", skipped: "not-needed", detail: outcome.notNeeded } };
    }
    if ("notHere" in outcome) {
      return { result: { ...timed(), status: "skipped", skipped: "not-here", detail: outcome.notHere } };
    }
    if ("explainedBy" in outcome) {
      return { result: { ...timed(), status: "skipped", ...reasonToSkip(outcome.explainedBy) } };
    }
    if ("unknown" in outcome) {
      return { result: { ...timed(), status: "warning", detail: "", finding: outcome.unknown } };
    }
    if ("finding" in outcome) {
      const { finding: found, value } = outcome;
      const status = found.severity === "error" ? "failed" : "warning";
      return { result: { ...timed(), status, detail: "", finding: found }, value: { of: value } };
    }
    const { detail, value } = outcome;
    return { result: { ...timed(), status: "passed", detail }, value: { of: value } };
  } catch (error) {
    // Some of what a check waits for rejects with the signal's own reason, which names no cause.
    const isLate = [signal, end].some(({ aborted, reason }) => aborted && error === reason);
    const failure: Finding = isLate
      ? finding(severity, "check-timeout", { check: nameOf(about), seconds: deadline.milliseconds / 1000 })
      : asRegistrarError(error).finding;
    const isWarning = severity === "warning" || failure.severity === "warning";
    return {
      result: {
        ...timed(),
        status: isWarning ? "warning" : "failed",
        detail: "",
        finding: { ...failure, severity: isWarning ? "warning" : "error" },
      },
    };
  }
}

/** Whether a check failed, or did not run because of one that did. */
function hasError({ result }: Ended<unknown>): boolean {
  return (result.root ?? result).status === "failed";
}

/** Why a check does not run: the check at the root, which failed or could not tell. */
function reasonToSkip(missing: CheckResult): Pick<CheckResult, "detail" | "skipped" | "root"> {
  if (missing.status === "skipped") {
    const { detail, skipped, root } = missing;
    return { detail, ...(skipped && { skipped }), ...(root && { root }) };
  }
  const { category, name, status } = missing;
  const root = { category, name, status };
  return { detail: `${nameOf(root)} ${status === "failed" ? "failed" : "could not tell"}`, skipped: "blocked", root };
}

function rejectAt(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

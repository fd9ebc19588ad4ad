import type { CheckResult } from "../../checks/engine/check.ts";
import { nameOf } from "../../checks/engine/check.ts";
import { type Code, catalog } from "../../findings/catalog/catalog.ts";
import { exitCodes } from "../../findings/catalog/code-entry.ts";
import type { CheckFlags } from "./check-flags.ts";

/** What the verdict on a run of checks rests on. */
export interface Judged {
  /** With those of `--skip` left out. */
  results: readonly CheckResult[];
  /** Errors that `--skip` left out, although other checks depend on them. */
  blockers: readonly Code[];
  /** How many checks did not run because of these. */
  unchecked: number;
}

/**
 * Leaves out the findings of `--skip`. What depends on such a check is still not checked: it says so, and counts against
 * the verdict if the finding is an error.
 */
export function leaveOut(results: readonly CheckResult[], skip: readonly Code[]): Judged {
  const leftOut = results.filter(({ finding }) => finding !== undefined && skip.includes(finding.code));
  const behind = (root: CheckResult) =>
    results.filter((result) => result.root !== undefined && nameOf(result.root) === nameOf(root));
  const blocking = leftOut.filter((result) => result.status === "failed" && behind(result).length > 0);
  return {
    results: results.map((result) => {
      const { finding, ...rest } = result;
      if (finding && leftOut.includes(result)) {
        return { ...rest, status: "skipped", skipped: "ignored", detail: `${finding.code} is ignored (--skip)` };
      }
      const root = leftOut.find((one) => behind(one).includes(result));
      return root ? { ...result, detail: `not checked: it needs ${nameOf(root)}` } : result;
    }),
    blockers: [...new Set(blocking.flatMap(({ finding }) => finding?.code ?? []))],
    unchecked: blocking.flatMap(behind).length,
  };
}

/** The exit code: 0 if everything passed; that of the root finding; 1 if something was not checked because of `--skip`. */
export function exitCodeOf({ results, blockers }: Judged, failOn: CheckFlags["failOn"]): number {
  const failed = results.find(({ status }) => status === "failed")?.finding;
  if (failed) return catalog[failed.code].exit;
  if (blockers.length > 0) return exitCodes.failed;
  const hasWarning = results.some(({ status }) => status === "warning");
  return failOn === "warning" && hasWarning ? exitCodes.warnings : exitCodes.success;
}

/** The last line: how many of each, and what was not checked. */
export function summaryOf({ results, blockers, unchecked }: Judged): string {
  const count = (status: CheckResult["status"]) => results.filter((result) => result.status === status).length;
  const rest = `${count("passed")} passed, ${count("skipped")} skipped`;
  const problems = plural(count("failed"), "problem");
  const warnings = plural(count("warning"), "warning");
  if (blockers.length === 0) return `${problems}, ${warnings}; ${rest}`;
  const notChecked = `${plural(unchecked, "check")} not run because of ${blockers.join(", ")} (--skip)`;
  return count("failed") > 0
    ? `${problems}, ${warnings}; ${notChecked}; ${rest}`
    : `${notChecked}; ${warnings}; ${rest}`;
}

function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

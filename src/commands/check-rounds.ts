import { runChecks } from "../checks/all.ts";
import { type Category, type CheckResult, categories } from "../checks/suite.ts";
import { exitCodes } from "../errors/entry.ts";
import { type Code, catalogue } from "../errors/registrar-error.ts";
import { checkPrinter } from "../report/check-text.ts";
import type { Redactor } from "../report/redaction.ts";
import type { Invocation } from "../settings/load.ts";
import type { ArchivedFile } from "../support/archive.ts";
import { type Found, supportFiles } from "../support/support-files.ts";
import type { World } from "../world.ts";
import { typable } from "./ending.ts";

/** What the command line asks of `check`. */
export interface CheckInvocation extends Invocation {
  output: "text" | "json" | "short";
  /** Only these, and what they need; all of them where empty. */
  categories: readonly Category[];
  /** Codes whose findings are not to count. */
  skip: readonly Code[];
  failOn: "error" | "warning";
  /** Milliseconds for which the checks are repeated until nothing fails; 0 runs them once. */
  wait: number;
  /** File for a support bundle. */
  bundle: string | undefined;
}

/** One run of all the checks. */
export interface Round {
  results: CheckResult[];
  support: readonly ArchivedFile[];
}

/** For what only a support bundle asks: as long as a check may take. */
const patient = () => AbortSignal.timeout(8_000);

/** Milliseconds between two rounds of `--wait`, and up to as much again by chance. */
const pause = 4_000;

/**
 * Runs the checks, with `--wait` again and again until nothing fails. A round that the end of the waiting cuts short is
 * not told: it would show time-outs where the round before it knew the cause.
 */
export async function checkRounds(
  invocation: CheckInvocation,
  world: World,
  redactor: Redactor,
  write: (text: string) => void,
): Promise<Round> {
  const { output, wait, bundle } = invocation;
  const until = world.clock.now() + wait;
  const chosen = invocation.categories.length > 0 ? invocation.categories : categories;
  let complete: Round | undefined;
  for (;;) {
    const end = complete ? AbortSignal.timeout(Math.max(1, Math.ceil(until - world.clock.now()))) : undefined;
    const print = checkPrinter(world.colour && output === "text");
    const isLive = output === "text" && wait === 0;
    const round: Round = { results: [], support: [] };
    const signal = end ? AbortSignal.any([world.signal, end]) : world.signal;
    const onResult = (result: CheckResult) => {
      if (world.signal.aborted) return;
      const told = typed(withoutSkipped(result, invocation.skip), invocation);
      round.results.push(told);
      if (isLive) write(print(told));
    };
    const afterwards = async (found: Found) => {
      round.support = await supportFiles(found, world.openCluster, AbortSignal.any([signal, patient()]));
    };
    const request = { chosen, signal, onResult, ...(bundle !== undefined && { afterwards }) };
    await runChecks(request, invocation, world, redactor);
    world.signal.throwIfAborted();
    if (!complete || !end?.aborted) complete = round;
    const next = pause * (1 + world.clock.random());
    const isOver = end?.aborted || world.clock.now() + next >= until;
    if (isOver || exitCodeOf(complete.results, invocation.failOn) === 0) {
      if (output === "text" && !isLive) for (const result of complete.results) write(print(result));
      return complete;
    }
    const codes = complete.results.flatMap(({ status, finding }) => (status === "passed" ? [] : (finding?.code ?? [])));
    if (output === "text") write(`waiting: ${[...new Set(codes)].join(", ")}; again in ${(next / 1000).toFixed(0)} s`);
    await world.clock.sleep(next, world.signal).catch(() => world.signal.throwIfAborted());
  }
}

function typed({ finding, ...rest }: CheckResult, invocation: CheckInvocation): CheckResult {
  return { ...rest, ...(finding && { finding: typable(finding, invocation) }) };
}

function withoutSkipped(result: CheckResult, codes: readonly Code[]): CheckResult {
  const { finding, ...rest } = result;
  if (!finding || !codes.includes(finding.code)) return result;
  return { ...rest, status: "skipped", detail: `${finding.code} is not to count (--skip)` };
}

/** The exit code of results: 0 where nothing failed; the root's own exit code; 4 for warnings that are asked to count. */
export function exitCodeOf(results: readonly CheckResult[], failOn: CheckInvocation["failOn"]): number {
  const failed = results.find(({ status }) => status === "failed")?.finding;
  if (failed) return catalogue[failed.code].exit;
  return failOn === "warning" && results.some(({ status }) => status === "warning") ? exitCodes.warnings : 0;
}

import { checkPrinter } from "../../checks/check-text.ts";
import { type Category, type CheckResult, categories } from "../../checks/engine/suite.ts";
import { type ChecksRequest, runChecks } from "../../checks/list.ts";
import { exitCodes } from "../../findings/catalog/code-entry.ts";
import { type Code, catalogue } from "../../findings/registrar-error.ts";
import type { Redactor } from "../../report/redaction.ts";
import type { Invocation } from "../../settings/load.ts";
import { typable } from "../shell/ending.ts";
import type { World } from "../shell/world.ts";
import type { ArchivedFile } from "./support-bundle/archive.ts";
import { supportFiles } from "./support-bundle/support-files.ts";

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

/** Milliseconds for what only a support bundle asks: as long as a check may take. */
const supportMilliseconds = 8_000;

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
  const { output, wait, failOn } = invocation;
  const { clock } = world;
  const until = clock.now() + wait;
  const isText = output === "text";
  const print = checkPrinter(world.colour && isText);
  const isLive = isText && wait === 0;
  const round = (signal: AbortSignal) =>
    runRound(invocation, world, redactor, signal, (result) => {
      if (isLive) write(print(result));
    });

  let last = await round(world.signal);
  for (;;) {
    const next = pause * (1 + clock.random());
    if (clock.now() + next >= until || exitCodeOf(last.results, failOn) === 0) break;
    const codes = last.results.flatMap(({ finding }) => finding?.code ?? []);
    if (isText) write(`waiting: ${[...new Set(codes)].join(", ")}; again in ${(next / 1000).toFixed(0)} s`);
    await clock.sleep(next, world.signal);
    const end = AbortSignal.timeout(Math.max(1, Math.ceil(until - clock.now())));
    const found = await round(AbortSignal.any([world.signal, end]));
    if (end.aborted) break;
    last = found;
  }
  if (isText && !isLive) for (const result of last.results) write(print(result));
  return last;
}

async function runRound(
  invocation: CheckInvocation,
  world: World,
  redactor: Redactor,
  signal: AbortSignal,
  onResult: (result: CheckResult) => void,
): Promise<Round> {
  const round: Round = { results: [], support: [] };
  const request: ChecksRequest = {
    chosen: invocation.categories.length > 0 ? invocation.categories : categories,
    signal,
    onResult: (result) => {
      if (world.signal.aborted) return;
      const told = typed(withoutSkipped(result, invocation.skip), invocation);
      round.results.push(told);
      onResult(told);
    },
  };
  if (invocation.bundle !== undefined) {
    request.afterwards = async (found) => {
      const patient = AbortSignal.any([signal, AbortSignal.timeout(supportMilliseconds)]);
      round.support = await supportFiles(found, world.openCluster, patient);
    };
  }
  await runChecks(request, invocation, world, redactor);
  world.signal.throwIfAborted();
  return round;
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

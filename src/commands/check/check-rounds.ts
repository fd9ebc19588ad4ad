import type { CheckResult } from "../../checks/engine/check.ts";
import { type ChecksRequest, runChecks } from "../../checks/list.ts";
import { ownerId } from "../../definition/definition.ts";
import type { ReportedCheck } from "../../report/check-report.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { Describe } from "../shell/audience.ts";
import type { Shell } from "../shell/command.ts";
import type { CheckFlags } from "./check-flags.ts";
import { exitCodeOf, type Judged, leaveOut } from "./check-verdict.ts";
import { nothingYet, type Support, supportFiles } from "./support-bundle/support-files.ts";

/** One run of the checks, and what a support bundle holds in addition. */
export interface CheckRound extends Judged {
  checks: ReportedCheck[];
  support: Support;
}

/** Milliseconds between two rounds of `--wait`, and up to as much again by chance. */
const pauseMilliseconds = 4_000;

/**
 * Runs the checks; with `--wait`, again and again until nothing fails. A round that the end of the waiting cuts short is
 * discarded: it would show timeouts instead of the cause that the round before found.
 */
export async function runRounds(shell: Shell, flags: CheckFlags): Promise<CheckRound> {
  const { world, observer } = shell;
  const { clock } = world;
  const { waitMilliseconds, failOn } = flags;
  const until = clock.now() + waitMilliseconds;
  const isLive = waitMilliseconds === 0;
  let last = await runRound(shell, flags, world.signal, isLive);
  for (;;) {
    const pause = pauseMilliseconds * (1 + clock.random());
    if (clock.now() + pause >= until || exitCodeOf(last, failOn) === 0) break;
    observer.wait(
      last.results.flatMap(({ finding }) => finding?.code ?? []),
      pause,
    );
    await clock.sleep(pause, world.signal);
    const end = clock.timeout(Math.max(1, Math.ceil(until - clock.now())));
    const next = await runRound(shell, flags, AbortSignal.any([world.signal, end]), isLive);
    if (end.aborted) break;
    last = next;
  }
  if (!isLive) last.checks.forEach(observer.check);
  return last;
}

async function runRound(shell: Shell, flags: CheckFlags, signal: AbortSignal, isLive: boolean): Promise<CheckRound> {
  const { world, invocation, redactor, observer, describe } = shell;
  const found: CheckResult[] = [];
  let support = nothingYet;
  const request: ChecksRequest = {
    chosen: flags.categories,
    signal,
    protect: redactor.protect,
    onSettings: ({ trigger, release, appVersion }) =>
      observer.origin({ trigger, release: ownerId(release), ...(appVersion !== undefined && { appVersion }) }),
    onResult: (result) => {
      if (world.signal.aborted) return;
      found.push(result);
      const judged = leaveOut(found, flags.skip).results.at(-1);
      if (isLive && judged) observer.check(reportedCheck(judged, describe));
    },
  };
  if (flags.bundle !== undefined) {
    request.afterwards = async (result) => {
      const soon = AbortSignal.any([signal, world.clock.timeout(deadlines.supportBundle.milliseconds)]);
      support = await supportFiles(result, world.openCluster, soon, shell);
    };
  }
  await runChecks(request, invocation, world);
  world.signal.throwIfAborted();
  const judged = leaveOut(found, flags.skip);
  return { ...judged, checks: judged.results.map((result) => reportedCheck(result, describe)), support };
}

function reportedCheck({ root: _, finding, ...result }: CheckResult, describe: Describe): ReportedCheck {
  if (!finding) return result;
  const described = describe(finding);
  return { ...result, detail: described.what, finding: described };
}

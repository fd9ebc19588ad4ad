import { runChecks } from "../checks/all.ts";
import { type Category, type CheckResult, categories } from "../checks/suite.ts";
import { exitCodes } from "../errors/entry.ts";
import { type Code, catalogue, problem } from "../errors/registrar-error.ts";
import type { CheckReport } from "../report/check-report.ts";
import { checkPrinter, checkSummary, shortLine } from "../report/check-text.ts";
import { createRedactor, type Redactor } from "../report/redaction.ts";
import { terminationMessageOf } from "../report/termination-message.ts";
import type { Invocation } from "../settings/load.ts";
import { typable } from "./ending.ts";
import { Interrupted, type World } from "./world.ts";

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
}

/** Milliseconds between two rounds of `--wait`, and up to as much again by chance. */
const pause = 4_000;

/** `registrar check`: every prerequisite, in order, each with its fix. @returns the exit code */
export async function checkCommand(invocation: CheckInvocation, world: World): Promise<number> {
  const redactor = createRedactor();
  const write = (text: string) => world.writeOut(redactor.redact(`${text}\n`));
  const started = world.clock.now();
  const spent = () => Math.round(world.clock.now() - started);
  try {
    const results = await untilFine(invocation, world, redactor, write);
    const exitCode = exitCodeOf(results, invocation.failOn);
    const summary = checkSummary(results);
    if (invocation.output === "json") {
      const report: CheckReport = {
        ...{ schemaVersion: 1, program: { name: "image-builder-registrar", version: world.version }, command: "check" },
        ...{ checks: [...results], summary, exitCode, milliseconds: spent() },
      };
      write(JSON.stringify(report, null, 2));
    } else {
      for (const line of invocation.output === "short" ? results.flatMap((result) => shortLine(result) ?? []) : []) {
        write(line);
      }
      write(`${invocation.output === "short" ? "" : "\n"}${summary}`);
    }
    const findings = results.flatMap(({ finding }) => finding ?? []);
    world.writeTerminationMessage(terminationMessageOf(summary, findings, redactor.redact));
    return exitCode;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    if (invocation.output !== "json") write(`check was ${error.message}`);
    return error.exitCode;
  }
}

/**
 * Runs the checks, with `--wait` again and again until nothing fails. A round that the end of the waiting cuts short is
 * not told: it would show time-outs where the round before it knew the cause.
 */
async function untilFine(
  invocation: CheckInvocation,
  world: World,
  redactor: Redactor,
  write: (text: string) => void,
): Promise<readonly CheckResult[]> {
  const { output, wait } = invocation;
  const until = world.clock.now() + wait;
  const chosen = invocation.categories.length > 0 ? invocation.categories : categories;
  let complete: readonly CheckResult[] | undefined;
  for (;;) {
    const end = complete ? AbortSignal.timeout(Math.max(1, until - world.clock.now())) : undefined;
    const print = checkPrinter(world.colour && output === "text");
    const isLive = output === "text" && wait === 0;
    const results: CheckResult[] = [];
    const signal = end ? AbortSignal.any([world.signal, end]) : world.signal;
    await runChecks(chosen, invocation, world, redactor, signal, (result) => {
      if (world.signal.aborted) return;
      const told = typed(withoutSkipped(result, invocation.skip), invocation.configFile);
      results.push(told);
      if (isLive) write(print(told));
    });
    world.signal.throwIfAborted();
    if (!complete || !end?.aborted) complete = results;
    const next = pause * (1 + world.clock.random());
    const isOver = end?.aborted || world.clock.now() + next >= until;
    if (isOver || exitCodeOf(complete, invocation.failOn) === 0) {
      if (output === "text" && !isLive) for (const result of complete) write(print(result));
      return complete;
    }
    const codes = complete.flatMap(({ status, finding }) => (status === "passed" ? [] : (finding?.code ?? [])));
    if (output === "text") write(`waiting: ${[...new Set(codes)].join(", ")}; again in ${(next / 1000).toFixed(0)} s`);
    await world.clock.sleep(next, world.signal).catch(() => world.signal.throwIfAborted());
  }
}

/**
 * The codes of `--skip`.
 * @throws {RegistrarError} usage-wrong, where one of them is none
 */
export function codesToSkip(given: readonly string[]): Code[] {
  return given.map((text) => {
    if (Object.hasOwn(catalogue, text)) return text as Code;
    throw problem("usage-wrong", { message: `--skip takes codes as docs/errors.md lists them; ${text} is none` });
  });
}

function typed({ finding, ...rest }: CheckResult, configFile: string | undefined): CheckResult {
  return { ...rest, ...(finding && { finding: typable(finding, configFile) }) };
}

function withoutSkipped(result: CheckResult, codes: readonly Code[]): CheckResult {
  const { finding, ...rest } = result;
  if (!finding || !codes.includes(finding.code)) return result;
  return { ...rest, status: "skipped", detail: `${finding.code} is not to count (--skip)` };
}

/** 0 where nothing failed; the root's own exit code; 4 for warnings that are asked to count. */
function exitCodeOf(results: readonly CheckResult[], failOn: CheckInvocation["failOn"]): number {
  const failed = results.find(({ status }) => status === "failed")?.finding;
  if (failed) return catalogue[failed.code].exit;
  return failOn === "warning" && results.some(({ status }) => status === "warning") ? exitCodes.warnings : 0;
}

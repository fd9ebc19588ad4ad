import { type Finding, finding } from "../findings/finding.ts";
import { problem, RegistrarError } from "../findings/registrar-error.ts";
import { oneLine } from "../network/one-line.ts";
import { abortRun } from "./abort-run.ts";
import type { BuildContext, BuildOutcome } from "./build-context.ts";
import { createBuildRequests } from "./build-requests.ts";
import { type BuildParts, buildInSteps, explainState, type SeenRun } from "./build-steps.ts";
import { createPodLog } from "./pod-log.ts";
import { createRunChanges } from "./run-changes.ts";

/**
 * Builds the image, and leaves no run going: one that has not ended by the deadline, or when the program is ended, is aborted.
 * @throws the reason of the run's signal, after the run was aborted
 */
export async function runBuild(context: BuildContext): Promise<BuildOutcome> {
  const { clock, signal: runSignal, plan, recorder } = context;
  const seen: SeenRun = { state: undefined, isAsked: false, isAnswered: false };
  const late = new AbortController();
  const timer = clock.timeout(plan.timeoutMilliseconds);
  timer.addEventListener("abort", () => late.abort(lateness(context, seen)), { once: true });
  const signal = AbortSignal.any([runSignal, late.signal]);
  const session = context.session.sibling({ signal });
  const requests = createBuildRequests(context, session, signal);
  const log = createPodLog(context, () => requests.route("tail-logs"));
  const changes = createRunChanges(context, session);
  const parts: BuildParts = { requests, log, changes, signal, seen };
  try {
    return await buildInSteps(context, parts);
  } catch (error) {
    const isLeft = seen.isAsked && seen.state?.hasEnded !== true;
    const left = isLeft ? await abort(context, seen, error) : undefined;
    if (runSignal.aborted) {
      if (left) recorder.warn(left);
      throw runSignal.reason;
    }
    if (!(error instanceof RegistrarError)) throw error;
    const { state } = seen;
    const cause = late.signal.aborted && state ? explainState(context, state, log) : error.finding;
    return { state, log: log.text(), image: undefined, error: cause, warnings: left ? [left] : [] };
  } finally {
    session.close();
  }
}

/** Aborts the run. @returns a warning if it may still be going */
async function abort(context: BuildContext, { isAnswered }: SeenRun, cause: unknown): Promise<Finding | undefined> {
  const { recorder, session, run, clock } = context;
  const { name, project, domain } = run;
  const reason = `registrar verify --build: ${oneLine(cause instanceof Error ? cause.message : "")}`;
  try {
    await recorder.step(
      "abort",
      () => abortRun(session, run, reason, clock, !isAnswered),
      (found) => (found ? `aborted run ${name}` : `no run ${name} was created`),
    );
    return undefined;
  } catch (error) {
    const why = error instanceof RegistrarError ? `${error.code}: ${error.finding.why}` : "it did not answer in time";
    return finding("warning", "build-run-left", { run: name, project, domain }, why);
  }
}

function lateness({ subject, plan }: BuildContext, { state }: SeenRun): RegistrarError {
  const { run, project, domain } = subject;
  const phase = state?.phase ?? "not created";
  return problem("build-timeout", { run, project, domain, phase, seconds: plan.timeoutMilliseconds / 1000 });
}

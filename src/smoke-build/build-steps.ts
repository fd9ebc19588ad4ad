import type { Finding } from "../findings/finding.ts";
import { RegistrarError } from "../findings/registrar-error.ts";
import { oneLine } from "../network/one-line.ts";
import { deadlines } from "../system/deadlines.ts";
import type { BuildContext, BuildOutcome } from "./build-context.ts";
import type { BuildRequests } from "./build-requests.ts";
import { askForImage, readImage, unseenImage } from "./built-image.ts";
import { createRun, storeInputs, withDeadline } from "./create-run.ts";
import { explainRun } from "./failures/explain-run.ts";
import { imageSpecOf } from "./image-spec.ts";
import type { PodLog } from "./pod-log.ts";
import type { RunState } from "./run-state.ts";
import { sweepRuns } from "./sweep-runs.ts";
import { uploadSpec } from "./upload-spec.ts";
import { type WatchParts, watchRun } from "./watch-run.ts";

/** What is known of the run, also if a step fails. */
export interface SeenRun {
  state: RunState | undefined;
  /** Whether the server may have the run. */
  isAsked: boolean;
  /** Whether the server has said so. */
  isAnswered: boolean;
}

/** What the steps of a build share. */
export interface BuildParts extends WatchParts {
  seen: SeenRun;
}

/**
 * Uploads the spec of the image, runs the task, waits for it and asks for what it has pushed.
 * @throws {RegistrarError} the failure of a step; the signal's reason. A run that has failed is no error here, but explained
 */
export async function buildInSteps(context: BuildContext, parts: BuildParts): Promise<BuildOutcome> {
  const { recorder, plan, run } = context;
  const { requests, log, signal } = parts;
  const [specUrl] = await Promise.all([
    recorder.step(
      "upload",
      () => uploadSpec(imageSpecOf(plan, run.name), context, requests, signal),
      (url) => url,
    ),
    sweep(context, requests),
  ]);
  await recorder.step(
    "start",
    () => start(context, parts, specUrl),
    () => `run ${run.name} in ${run.project}/${run.domain}`,
  );
  const state = await watchRun(context, parts, noteStates(context, parts.seen));
  if (state.phase === "succeeded") return succeed(context, parts, state);
  if (!log.isComplete()) await readRest(context, log, deadlines.buildEvidence, signal);
  const error = explainState(context, state, log);
  recorder.note({ name: "build", status: "failed", detail: `${state.phase}: ${error.code}`, milliseconds: 0 });
  return { state, log: log.text(), image: undefined, error, warnings: [] };
}

/** Says why a run has not succeeded: one that has ended, or has been waited for in vain. */
export function explainState({ subject, clock, until, plan }: BuildContext, state: RunState, log: PodLog): Finding {
  const { phase, hasEnded, error, abortReason, events } = state;
  const seconds = Math.round((clock.now() - until + plan.timeoutMilliseconds) / 1000);
  return explainRun({ phase, hasEnded, seconds, error, abortReason, events, log: log.text() }, subject);
}

/** Aborts what a killed program has left; that it cannot look is no reason not to build. */
async function sweep(context: BuildContext, requests: BuildRequests): Promise<void> {
  const { clock, recorder } = context;
  const started = clock.now();
  const note = (status: "ok" | "warning", detail: string) =>
    recorder.note({ name: "sweep", status, detail, milliseconds: Math.round(clock.now() - started) });
  try {
    const swept = await sweepRuns(context, requests);
    if (swept.length > 0) note("ok", `aborted what an earlier build has left: ${swept.join(", ")}`);
  } catch (error) {
    if (!(error instanceof RegistrarError)) throw error;
    note("warning", `earlier builds could not be looked for: ${error.code}`);
  }
}

/** Stores the inputs and creates the run. */
async function start(context: BuildContext, { requests, signal, seen }: BuildParts, specUrl: string): Promise<void> {
  const { clock, plan } = context;
  const spec = withDeadline(context.spec, plan.timeoutMilliseconds);
  const inputs = await storeInputs(context, requests, spec, specUrl);
  const outlives = new AbortController();
  const endSoon = () => {
    const last = clock.timeout(deadlines.createRunAfterSignal.milliseconds);
    last.addEventListener("abort", () => outlives.abort(signal.reason), { once: true });
  };
  signal.addEventListener("abort", endSoon, { once: true });
  const lasting = context.session.sibling({ signal: outlives.signal });
  try {
    signal.throwIfAborted();
    seen.isAsked = true;
    await createRun(context, lasting, signal, spec, inputs);
    seen.isAnswered = true;
    signal.throwIfAborted();
  } catch (error) {
    // Refused for what it is, so there is no run; an answer that was lost is transient.
    if (error instanceof RegistrarError && !error.transient && !signal.aborted) seen.isAsked = false;
    throw error;
  } finally {
    signal.removeEventListener("abort", endSoon);
    lasting.close();
  }
}

/** Remembers the state, and records each phase when the next one begins. */
function noteStates({ clock, recorder }: BuildContext, seen: SeenRun): (state: RunState) => void {
  let since = clock.now();
  return (state) => {
    const before = seen.state;
    seen.state = state;
    if (!before || before.phase === state.phase) return;
    const measured = state.phases.findLast(({ phase }) => phase === before.phase)?.milliseconds;
    const milliseconds = Math.round(measured ?? clock.now() - since);
    since = clock.now();
    const detail = state.hasEnded ? "" : oneLine(before.events.at(-1));
    recorder.note({ name: before.phase, status: "ok", detail, milliseconds });
  };
}

async function succeed(context: BuildContext, { requests, log, signal }: BuildParts, state: RunState) {
  let warning: Finding | undefined;
  const image = await context.recorder.step(
    "image",
    async () => {
      const [pushed, why] = await Promise.all([
        readImage(context, requests),
        askForImage(context, requests),
        log.isCutShort() ? readRest(context, log, deadlines.finishedLog, signal) : undefined,
      ]);
      if (why !== undefined) warning = unseenImage(pushed, why, context);
      return pushed;
    },
    (pushed) => ({ status: warning ? "warning" : "ok", detail: pushed }),
  );
  return { state, log: log.text(), image, error: undefined, warnings: warning ? [warning] : [] };
}

/** Reads the log once more: its pod may have ended between two questions. */
async function readRest(
  { clock }: BuildContext,
  log: PodLog,
  { milliseconds }: { milliseconds: number },
  signal: AbortSignal,
): Promise<void> {
  await log.read(AbortSignal.any([signal, clock.timeout(milliseconds)]));
}

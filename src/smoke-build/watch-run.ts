import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { ActionDetailsSchema } from "#flyteidl2/workflow/run_definition_pb.js";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import { RegistrarError } from "../findings/registrar-error.ts";
import { oneLine } from "../network/one-line.ts";
import { deadlines } from "../system/deadlines.ts";
import { actionIdOf, type BuildContext } from "./build-context.ts";
import type { BuildRequests } from "./build-requests.ts";
import type { PodLog } from "./pod-log.ts";
import type { RunChanges } from "./run-changes.ts";
import { type RunState, readRunState } from "./run-state.ts";

/** Milliseconds between two questions: short at first, then a part of the time that the build has taken. */
const shortestPause = 100;
const longestPause = 3_000;
const shareOfPause = 0.02;

type RunContext = Pick<BuildContext, "clock" | "run" | "showProgress">;

/** What a run is watched with. */
export interface WatchParts {
  requests: BuildRequests;
  log: PodLog;
  changes: RunChanges;
  /** Ends the build: its deadline, or the end of the program. */
  signal: AbortSignal;
}

/**
 * Watches a run until it has ended. It asks again and again, and at once when the stream tells of a change: of the stream alone,
 * which proxies cut or keep back, the end could be missed. The log is read while the pod runs.
 * @param onState gets each state, also one that is equal to the one before
 * @returns the state that it ended in
 * @throws {RegistrarError} build-run-lost, and those of `ask`; the signal's reason
 */
export async function watchRun(
  context: RunContext,
  { requests, log, changes, signal }: WatchParts,
  onState: (state: RunState) => void,
): Promise<RunState> {
  const { clock, showProgress } = context;
  const started = clock.now();
  const streams = new AbortController();
  const streaming = AbortSignal.any([signal, streams.signal]);
  let changing: Promise<void> | undefined;
  let logging: Promise<void> | undefined;
  try {
    for (;;) {
      const change = changes.next();
      const state = await readState(context, requests, signal);
      onState(state);
      if (state.hasEnded) return await readError(state, context, requests, signal);
      changing ??= changes.follow(streaming);
      if (state.phase === "running") logging ??= log.follow(streaming);
      const elapsed = clock.now() - started;
      const said = state.phase === "running" ? log.lastLine() : (state.events.at(-1) ?? "");
      showProgress(`${state.phase} ${(elapsed / 1000).toFixed(0)} s  ${oneLine(said)}`);
      const pause = Math.min(longestPause, Math.max(shortestPause, elapsed * shareOfPause));
      await clock.sleep(pause, AbortSignal.any([signal, change])).catch(() => signal.throwIfAborted());
    }
  } finally {
    streams.abort();
    await Promise.all([changing, logging]);
  }
}

/** Reads the state. A server whose database is away for a moment says that it does not know the run, so it is asked again. */
async function readState(context: RunContext, requests: BuildRequests, signal: AbortSignal): Promise<RunState> {
  const { clock } = context;
  const until = clock.now() + deadlines.lostRun.milliseconds;
  for (;;) {
    try {
      return await requests.ask("get-action-details", async (transport, options) => {
        const client = createClient(RunService, transport);
        const { details } = await client.getActionDetails({ actionId: actionIdOf(context) }, options);
        return readRunState(details ?? create(ActionDetailsSchema));
      });
    } catch (error) {
      const isLost = error instanceof RegistrarError && error.code === "build-run-lost";
      if (!isLost || clock.now() + shortestPause >= until) throw error;
      await clock.sleep(shortestPause * 10, signal);
    }
  }
}

/** Waits for the error of a run that has failed: it comes by an event of its own (runs service of flyteorg/flyte). */
async function readError(
  ended: RunState,
  context: RunContext,
  requests: BuildRequests,
  signal: AbortSignal,
): Promise<RunState> {
  const { clock } = context;
  const until = clock.now() + deadlines.lateError.milliseconds;
  let state = ended;
  while (state.phase === "failed" && state.error === "" && clock.now() < until) {
    await clock.sleep(shortestPause, signal);
    state = await readState(context, requests, signal);
  }
  return state;
}

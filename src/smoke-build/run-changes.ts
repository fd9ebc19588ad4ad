import { createClient } from "@connectrpc/connect";
import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import type { Session } from "../control-plane/session.ts";
import { RegistrarError } from "../findings/registrar-error.ts";
import { deadlines } from "../system/deadlines.ts";
import { actionIdOf, type BuildContext } from "./build-context.ts";

/** A run's changes of phase, as a stream tells of them. */
export interface RunChanges {
  /** A signal that aborts at the next change. */
  next(): AbortSignal;
  /** Reads the stream, again when it was cut, until the signal aborts or the control plane refuses it. */
  follow(signal: AbortSignal): Promise<void>;
}

/**
 * What the stream of the run says is a reason to ask at once, and nothing else: a proxy may cut it, or keep it back.
 * @param session of the build; the stream gets a connection of its own
 */
export function createRunChanges(
  context: Pick<BuildContext, "clock" | "run" | "request">,
  session: Session,
): RunChanges {
  const { clock, request } = context;
  let change = new AbortController();
  let known = ActionPhase.UNSPECIFIED;
  const read = async (signal: AbortSignal): Promise<void> => {
    const own = session.sibling({ signal });
    try {
      await own.callOnce(request, async (transport, options) => {
        const stream = createClient(RunService, transport).watchActionDetails(
          { actionId: actionIdOf(context) },
          options,
        );
        for await (const { details } of stream) {
          const phase = details?.status?.phase ?? known;
          if (phase !== known) change.abort();
          known = phase;
        }
      });
    } finally {
      own.close();
    }
  };
  return {
    next() {
      if (change.signal.aborted) change = new AbortController();
      return change.signal;
    },
    async follow(signal) {
      while (!signal.aborted) {
        try {
          await read(signal);
        } catch (error) {
          if (signal.aborted || !(error instanceof RegistrarError) || !error.transient) return;
        }
        await clock.sleep(deadlines.streamPause.milliseconds, signal).catch(() => {});
      }
    },
  };
}

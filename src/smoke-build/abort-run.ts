import { createClient } from "@connectrpc/connect";
import type { RunIdentifier } from "#flyteidl2/common/identifier_pb.js";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import { answerOf } from "../control-plane/rpc-answer.ts";
import type { Session } from "../control-plane/session.ts";
import { RegistrarError } from "../findings/registrar-error.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";

/** What a run is known by. */
export type RunId = Pick<RunIdentifier, "org" | "project" | "domain" | "name">;

/** Milliseconds between two attempts. */
const pauseMilliseconds = 150;

/**
 * Aborts a run; one that has ended, or was aborted before, is no failure (AbortRun is idempotent: testing/recordings/real-server-runs.json).
 * @param session outlives the signal that ended the build
 * @param mayBeUnknown whether the answer to CreateRun never came, so that the run may yet appear: it is looked for until the
 * deadline
 * @returns whether there was such a run
 * @throws {RegistrarError} those of a session, at the deadline the last one
 */
export async function abortRun(
  session: Session,
  runId: RunId,
  reason: string,
  clock: Clock,
  mayBeUnknown: boolean,
): Promise<boolean> {
  const until = clock.now() + deadlines.abortRun.milliseconds;
  const end = clock.timeout(deadlines.abortRun.milliseconds);
  const impatient = session.sibling({ signal: end });
  for (;;) {
    try {
      const found = await impatient.callOnce("abort runs", async (transport, options) => {
        try {
          await createClient(RunService, transport).abortRun({ runId, reason }, options);
          return true;
        } catch (error) {
          if (answerOf(error) !== "not-found") throw error;
          return false;
        }
      });
      if (found || !mayBeUnknown || clock.now() + pauseMilliseconds >= until) return found;
    } catch (error) {
      const isFinal = !(error instanceof RegistrarError) || !error.transient;
      if (isFinal || clock.now() + pauseMilliseconds >= until) throw error;
    }
    await clock.sleep(pauseMilliseconds, end);
  }
}

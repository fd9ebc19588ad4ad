import { asRegistrarError, RegistrarError } from "../findings/registrar-error.ts";
import type { Clock } from "./clock.ts";

/** Limits of the pauses between attempts. */
const firstPauseMilliseconds = 250;
const longestPauseMilliseconds = 8_000;

/**
 * Repeats `attempt` while it fails with a transient code, for `giveUpAfterMilliseconds` at most. The pauses are exponential
 * backoff with full jitter, but at least the server's Retry-After; no retry library supports both.
 * @throws {RegistrarError} the permanent error, or the transient one of the last attempt that was not cut short, with the
 * number of attempts; the signal's reason if no attempt has failed before it
 */
export async function retry<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  giveUpAfterMilliseconds: number,
  clock: Clock,
  runSignal: AbortSignal,
): Promise<T> {
  const started = clock.now();
  const spent = () => clock.now() - started;
  let last: RegistrarError | undefined;
  for (let attempts = 1; ; attempts++) {
    const end = clock.timeout(Math.max(1, Math.ceil(giveUpAfterMilliseconds - spent())));
    try {
      return await attempt(AbortSignal.any([runSignal, end]));
    } catch (thrown) {
      if (runSignal.aborted) throw errorAtEnd(runSignal, last, attempts - 1, spent());
      const error = asRegistrarError(thrown);
      if (!error.transient) throw error;
      // The error of an attempt that is cut short is a timeout, which hides the cause of the attempts before it.
      if (last && end.aborted) throw addAttempts(last, attempts, spent());
      last = error;
      const backoff = clock.random() * Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** (attempts - 1));
      const pause = Math.max(last.retryAfter, backoff);
      if (spent() + pause >= giveUpAfterMilliseconds) throw addAttempts(last, attempts, spent());
      await clock.sleep(pause, runSignal).catch(() => {
        throw errorAtEnd(runSignal, last, attempts, spent());
      });
    }
  }
}

/** The error of a run that is ended: at its deadline that of the last attempt, which is the cause; else the reason. */
function errorAtEnd(
  signal: AbortSignal,
  last: RegistrarError | undefined,
  attempts: number,
  spentMilliseconds: number,
) {
  const isDeadline = signal.reason instanceof RegistrarError;
  return last && isDeadline ? addAttempts(last, attempts, spentMilliseconds) : signal.reason;
}

function addAttempts(error: RegistrarError, attempts: number, spentMilliseconds: number): RegistrarError {
  const tried = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  return error.withReason(`${error.finding.why} (${tried} in ${(spentMilliseconds / 1000).toFixed(1)} s)`);
}

import { asRegistrarError, RegistrarError } from "../findings/registrar-error.ts";
import type { Clock } from "./clock.ts";

/** Bounds of the pauses between attempts. */
const firstPauseMilliseconds = 250;
const longestPauseMilliseconds = 8_000;

/**
 * Repeats `attempt` while it fails with a transient code: exponential backoff with full jitter, at least Retry-After
 * where the server gave one, and never longer than `giveUpAfterMilliseconds`. The last error is what is thrown at the end, not
 * "timed out", so the cause is not lost. Own code, since the retry libraries neither draw full jitter nor know Retry-After.
 * @throws {RegistrarError} the permanent error, or the last transient one with the number of attempts; the signal's
 * reason where it ended the run before anything else was met
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
    try {
      const remaining = Math.max(1, Math.ceil(giveUpAfterMilliseconds - spent()));
      return await attempt(AbortSignal.any([runSignal, clock.timeout(remaining)]));
    } catch (thrown) {
      if (runSignal.aborted) throw endedFromOutside(runSignal, last, attempts - 1, spent());
      last = asRegistrarError(thrown);
      if (!last.transient) throw last;
      const backoff = clock.random() * Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** (attempts - 1));
      const pause = Math.max(last.retryAfter, backoff);
      if (spent() + pause >= giveUpAfterMilliseconds) throw withAttempts(last, attempts, spent());
      await clock.sleep(pause, runSignal).catch(() => {
        throw endedFromOutside(runSignal, last, attempts, spent());
      });
    }
  }
}

/** At the run's own deadline the cause met before says more than the deadline; a SIGTERM is a SIGTERM. */
function endedFromOutside(signal: AbortSignal, last: RegistrarError | undefined, attempts: number, spent: number) {
  const atDeadline = signal.reason instanceof RegistrarError;
  return last && atDeadline ? withAttempts(last, attempts, spent) : signal.reason;
}

function withAttempts(error: RegistrarError, attempts: number, spent: number): RegistrarError {
  const tried = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  return error.because(`${error.finding.why} (${tried} in ${(spent / 1000).toFixed(1)} s)`);
}

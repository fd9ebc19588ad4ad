import { setTimeout as sleep } from "node:timers/promises";

/** Time and randomness, passed in so that tests control them. */
export interface Clock {
  /** Milliseconds since a fixed moment; monotonic. */
  now(): number;
  /** The time of day. */
  date(): Date;
  /** Resolves after that many milliseconds, or rejects with the signal's reason. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts with a TimeoutError after that many milliseconds, without keeping the process alive. */
  timeout(milliseconds: number): AbortSignal;
  /** At least 0 and less than 1. */
  random(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  async sleep(milliseconds, signal) {
    // Node rejects with its own AbortError, whose cause is the signal's reason.
    await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
  random: Math.random,
};

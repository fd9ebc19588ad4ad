import { setTimeout as sleep } from "node:timers/promises";

/** Time and chance, passed in so that tests decide them. Nothing else in src/ asks for either. */
export interface Clock {
  /** Milliseconds since a fixed moment; never goes back. */
  now(): number;
  /** The time of day. */
  date(): Date;
  /** Resolves after that many milliseconds, or rejects with the signal's reason. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts with a TimeoutError after that many milliseconds; it does not keep the process alive. */
  timeout(milliseconds: number): AbortSignal;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  async sleep(milliseconds, signal) {
    // Node rejects with an error of its own, whose cause is the reason.
    await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
  random: Math.random,
};

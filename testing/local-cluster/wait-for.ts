import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between two looks. */
const interval = 200;

/** How long to wait, and what ends a wait early by throwing. */
export interface WaitOptions {
  milliseconds: number;
  alive?: () => void;
}

/**
 * Looks again and again until there is something; never longer than it is told.
 * @param what names it in the error of a wait that was too long, whose cause is what the last look threw
 * @returns the first value that is neither false nor nothing
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | false | undefined> | T | false | undefined,
  { milliseconds, alive }: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    alive?.();
    let cause: unknown;
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${milliseconds / 1000} s for ${what}`, { cause });
    await sleep(interval);
  }
}

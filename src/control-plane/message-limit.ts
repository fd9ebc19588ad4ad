import type { ConnectError } from "@connectrpc/connect";

/** Bytes of a message that are read. */
export const largestMessage = 4 * 2 ** 20;

/** Whether an error of the Connect client is its own, about a message that is larger. */
export function isTooLarge({ rawMessage }: ConnectError): boolean {
  return /\blarger than configured readMaxBytes\b/.test(rawMessage);
}

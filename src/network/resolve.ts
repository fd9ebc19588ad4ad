import dns from "node:dns/promises";

/** Looks up a host name as every connection of this machine does (`dns.lookup`). */
export type LookUp = (host: string, options: { all: true }) => Promise<readonly { address: string }[]>;

/**
 * Looks up the addresses of a host name. The system's lookup cannot be cancelled and waits up to 30 s for a DNS server
 * that does not answer, so at the signal its result is ignored.
 * @throws what the lookup throws (ENOTFOUND, …), or EAI_AGAIN at the signal
 */
export async function resolve(host: string, signal: AbortSignal, lookUp: LookUp = dns.lookup): Promise<string[]> {
  const late = Promise.withResolvers<never>();
  const giveUp = () =>
    late.reject(
      Object.assign(new Error("no DNS server answered in time"), { code: "EAI_AGAIN", cause: signal.reason }),
    );
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", giveUp, { once: true });
  try {
    const found = await Promise.race([lookUp(host, { all: true }), late.promise]);
    return found.map(({ address }) => address);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

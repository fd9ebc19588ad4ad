import dns from "node:dns/promises";

/** Looks a host name up as every connection of this machine does. */
export type LookUp = (host: string, options: { all: true }) => Promise<readonly { address: string }[]>;

/**
 * The addresses of a host name. The system's look-up cannot be stopped and asks a silent DNS server for half a minute, so
 * it is left behind when the signal comes.
 * @throws what the look-up throws (ENOTFOUND, …), or EAI_AGAIN where no answer came in time
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

import { createFetch } from "../../network/fetch.ts";
import type { Route } from "../../network/route.ts";
import { askIndex, type IndexAnswer } from "../../package-index/ask-index.ts";
import type { IndexAddress } from "../../package-index/index-address.ts";
import type { Clock } from "../../system/clock.ts";
import { isUntrusted } from "./index-failures.ts";

/**
 * Asks with the public CAs alone, as uv does, then with those of this program, if it has any.
 * @returns as `untrusted` what the public CAs gave, if only the others trust the index
 */
export async function askBothWays(
  index: IndexAddress,
  route: Route,
  timing: { clock: Clock; signal: AbortSignal },
): Promise<{ answer: IndexAnswer; untrusted?: IndexAnswer }> {
  const askBy = (way: Route) => askIndex(index, createFetch(way, timing), timing);
  const asUv = await askBy({ ...route, skipVerify: false, certificateAuthorities: undefined });
  const isUnknown = asUv.kind === "network" && isUntrusted(asUv.fault);
  if (!isUnknown || route.certificateAuthorities === undefined) return { answer: asUv };
  const answer = await askBy({ ...route, skipVerify: false });
  return { answer, untrusted: asUv };
}

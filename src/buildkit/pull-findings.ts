import { type Finding, finding } from "../findings/finding.ts";
import type { PullFault } from "./pull-faults.ts";

/** What buildkit says about an image. */
export interface FailedPull {
  image: string;
  fault: PullFault;
}

/**
 * One finding for each cause: images about which buildkit says the same, of the same host and address, are in one.
 * @param isPrivate whether an address is one of the cluster's own networks, `10.0.0.1:443`; nothing if that is not known
 */
export function describeFailedPulls(
  failed: readonly FailedPull[],
  severity: Finding["severity"],
  isPrivate: (address: string) => boolean | undefined,
): Finding[] {
  const causes = Map.groupBy(failed, ({ fault: { kind, host, address } }) => JSON.stringify([kind, host, address]));
  return Array.from(causes.values()).flatMap((pulls) => {
    const [first] = pulls;
    if (!first) return [];
    const { kind, host = "", address = "", words } = first.fault;
    const args = {
      images: pulls.map(({ image }) => image),
      host,
      address,
      isPrivate: address === "" ? undefined : isPrivate(address),
    };
    return [finding(severity, `pull-${kind}`, args, words)];
  });
}

import type { Difference } from "../definition/compare.ts";
import type { Ownership } from "../definition/ownership.ts";
import type { ReportedRegistration } from "../report/run-report.ts";

/** One version of task `build-image` on the control plane. */
export interface Registration {
  version: string;
  /** From the control plane. */
  registeredAt: Date | undefined;
  /** The identity that registered it, from the control plane; empty if that does not say. */
  deployedBy: string;
  /** From its annotations; absent if it was registered manually. */
  ownership: Ownership | undefined;
  /** From the ownership, else from the name of the version. */
  appVersion: string;
  /** From the wanted definition; none if none is wanted. */
  differences: readonly Difference[];
  /** Whether it is the wanted definition. */
  isWanted: boolean;
}

/** Who registered it, to follow "registered". */
export function ownerOf({ ownership, deployedBy }: Pick<Registration, "ownership" | "deployedBy">): string {
  if (ownership) return `by Helm release ${ownership.owner}`;
  return deployedBy ? `manually (by ${deployedBy})` : "manually";
}

/** A registration as reports have it. */
export function reportedRegistration(registration: Registration): ReportedRegistration {
  const { version, appVersion, registeredAt, ownership, isWanted } = registration;
  return {
    version,
    appVersion,
    ...(registeredAt && { registeredAt: registeredAt.toISOString() }),
    ...(ownership && { registeredBy: ownership.owner }),
    isWanted,
  };
}

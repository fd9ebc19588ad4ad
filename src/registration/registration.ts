import type { Difference } from "../definition/compare.ts";
import type { Ownership } from "../definition/ownership.ts";

/** One version of task `build-image` on the control plane. */
export interface Registration {
  version: string;
  /** When it was made, as the control plane says. */
  registeredAt: Date | undefined;
  /** Who registered it, as the control plane says; empty where it does not. */
  deployedBy: string;
  /** What it says of itself; absent where it was registered manually. */
  ownership: Ownership | undefined;
  /** The platform's version: of the ownership, else read from the version's name. */
  appVersion: string;
  /** In which fields it differs from the wanted definition; none where none is wanted. */
  differences: readonly Difference[];
  /** Whether it is the wanted definition. */
  isWanted: boolean;
}

/** Who registered it, in words that go after "registered". */
export function ownerOf({ ownership, deployedBy }: Pick<Registration, "ownership" | "deployedBy">): string {
  if (ownership) return `by Helm release ${ownership.owner}`;
  return deployedBy ? `manually (by ${deployedBy})` : "manually";
}

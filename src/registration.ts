import type { Signature } from "./definition/signature.ts";
import type { Difference } from "./definition/stored-fields.ts";

/** One version of task `build-image` on the control plane. */
export interface Registration {
  version: string;
  /** When it was made, as the control plane says. */
  registeredAt: Date | undefined;
  /** Who registered it, as the control plane says; empty where it does not. */
  deployedBy: string;
  /** What it says of itself; absent where it was registered by hand. */
  signature: Signature | undefined;
  /** The release: of the signature, else read from the version's name. */
  appVersion: string;
  /** In which fields it differs from the wanted definition; only looked at where it decides, else empty. */
  differences: readonly Difference[];
  /** Whether it is the wanted definition: by fingerprint where signed, by its fields where not. */
  isWanted: boolean;
}

/** Who owns a registration, in words that go after "by": the release that signed it, or a hand. */
export function ownerOf(registration: Registration): string {
  if (registration.signature) return `release ${registration.signature.registeredBy}`;
  return registration.deployedBy ? `hand (unsigned, ${registration.deployedBy})` : "hand (unsigned)";
}

import type { Finding } from "../findings/finding.ts";
import type { Trigger } from "../settings/schema.ts";

/** What this run makes current. */
export interface Wanted {
  appVersion: string;
  /** The Helm release on whose behalf this run acts. */
  owner: string;
  /** `system/production`, for messages. */
  scope: string;
}

/** A registration, and the Helm release that it names as its owner. */
export interface Own {
  version: string;
  owner: string;
}

/** What earlier runs of this installation have noted in its status ConfigMap. */
export interface Remembered {
  /** The registration that this installation last found to be its own, and those that it has begun since. */
  own?: readonly Own[] | undefined;
  /** The version that was current when the last run ended. */
  seen?: string | undefined;
  /** Why nothing is known. */
  unknown?: string | undefined;
}

/** What to do, with the reason in words that go after "because". */
export type Decision =
  | { action: "nothing"; reason: string }
  /** `isNews`: the last run of this installation saw another version, or a person or Helm has asked. */
  | { action: "observe"; reason: string; isNews: boolean }
  | { action: "register"; fromRevision: number; reason: string; warning?: Finding }
  | { action: "keep"; reason: string; warning?: Finding }
  | { action: "refuse"; reason: string; error: Finding };

/** Triggers that a person or a change of the Helm release causes. Runs with the others only repair, so that a fleet is quiet. */
const deliberate: ReadonlySet<Trigger> = new Set(["install", "upgrade", "rollback", "manual"]);

/** Whether a person or a change of the Helm release causes the run. */
export function isDeliberate(trigger: Trigger): boolean {
  return deliberate.has(trigger);
}

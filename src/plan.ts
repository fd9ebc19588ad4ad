import { compareReleases, parseVersionName } from "./definition/version-name.ts";
import { type Finding, finding } from "./errors/registrar-error.ts";
import { ownerOf, type Registration } from "./registration.ts";
import type { Policy, Trigger } from "./settings/schema.ts";

/** What this run wants to be current. */
export interface Wanted {
  appVersion: string;
  /** The id under which this release signs. */
  release: string;
  /** `system/production`, for messages. */
  scope: string;
}

/** What to do, with the reason in words that go after "because". */
export type Decision =
  | { action: "nothing"; reason: string }
  | { action: "register"; fromRevision: number; reason: string; warning?: Finding }
  | { action: "keep"; reason: string; warning: Finding }
  | { action: "refuse"; reason: string; error: Finding };

/** Triggers behind which a person or a release change stands; the others repair only, so that data planes cannot flap. */
const deliberate: ReadonlySet<Trigger> = new Set(["install", "upgrade", "rollback", "manual"]);

/**
 * Decides what a run does about the current registration. Pure; the table is in docs/architecture.md, and each row of it
 * is a test. "Current" is the newest registration by `created_at`, which is what the SDK uses, not the highest version.
 */
export function plan(
  wanted: Wanted,
  current: Registration | undefined,
  trigger: Trigger,
  policy: Pick<Policy, "whenNewer" | "force">,
): Decision {
  if (!current) return { action: "register", fromRevision: 0, reason: "nothing is registered yet" };
  if (current.isWanted) return { action: "nothing", reason: "the current registration is this definition" };

  const ours = current.signature?.registeredBy === wanted.release;
  const owner = ownerOf(current);
  const { scope, appVersion } = wanted;
  switch (compareReleases(current.appVersion, appVersion)) {
    case "same": {
      const fromRevision = parseVersionName(current.version).revision + 1;
      if (ours) return { action: "register", fromRevision, reason: "this release's definition has changed" };
      const warning = finding("warning", "registration-conflict", { scope, current: current.version, owner });
      if (!deliberate.has(trigger)) {
        return {
          action: "keep",
          reason: "only a person or a release change replaces what another release registered",
          warning,
        };
      }
      return {
        action: "register",
        fromRevision,
        reason: `another definition of it was registered by ${owner}`,
        warning,
      };
    }
    case "older":
      return { action: "register", fromRevision: 0, reason: `${current.version} is of an older release` };
    case "newer": {
      if (ours) return { action: "register", fromRevision: 0, reason: "this release has gone back from a newer one" };
      const args = { scope, current: current.version, owner, wanted: appVersion };
      const warning = finding("warning", "registration-newer", args);
      if (policy.force || policy.whenNewer === "replace") {
        return { action: "register", fromRevision: 0, reason: "a newer registration is to be replaced", warning };
      }
      if (policy.whenNewer === "keep") return { action: "keep", reason: "policy.whenNewer is keep", warning };
      return {
        action: "refuse",
        reason: "policy.whenNewer is fail",
        error: finding("error", "registration-newer", args),
      };
    }
    case "incomparable": {
      const warning = finding("warning", "registration-incomparable", {
        scope,
        current: current.version,
        wanted: appVersion,
      });
      if (!deliberate.has(trigger)) {
        return {
          action: "keep",
          reason: "only a person or a release change replaces what cannot be compared",
          warning,
        };
      }
      return { action: "register", fromRevision: 0, reason: `${current.version} cannot be compared`, warning };
    }
  }
}

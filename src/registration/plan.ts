import { compareAppVersions, parseVersionName } from "../definition/version-name.ts";
import { type Finding, finding } from "../findings/finding.ts";
import type { Policy, Trigger } from "../settings/schema.ts";
import { type Decision, isDeliberate, type Remembered, type Wanted } from "./decision.ts";
import { planMember } from "./plan-member.ts";
import { ownerOf, type Registration } from "./registration.ts";

/** Whether the decision depends on the status ConfigMap; it is read only then. */
export function needsMemory(
  wanted: Wanted,
  current: Registration | undefined,
  trigger: Trigger,
  { role }: Pick<Policy, "role">,
): boolean {
  if (role === "member") return current !== undefined && !isDeliberate(trigger);
  if (!current || current.isWanted) return false;
  const order = compareAppVersions(current.appVersion, wanted.appVersion);
  return isDeliberate(trigger) ? order === "newer" && !hasOurName(wanted, current) : order !== "older";
}

/**
 * Decides what a run does about the current registration. Pure; the table is in docs/architecture.md, and each row of it
 * is a test. "Current" is the newest registration by `created_at`, which is what the SDK uses, not the highest version.
 * @param remembered read only if `needsMemory` is true
 */
export function plan(
  wanted: Wanted,
  current: Registration | undefined,
  trigger: Trigger,
  policy: Pick<Policy, "role" | "whenNewer" | "force">,
  remembered: Remembered,
): Decision {
  if (policy.role === "member") return planMember(wanted, current, trigger, policy, remembered);
  if (!current) return { action: "register", fromRevision: 0, reason: "nothing is registered yet" };
  if (current.isWanted) return planWanted(wanted, current, trigger);
  const order = compareAppVersions(current.appVersion, wanted.appVersion);
  if (order === "older") {
    return { action: "register", fromRevision: 0, reason: `${current.version} is older than ${wanted.appVersion}` };
  }
  return isDeliberate(trigger)
    ? planDeliberate(wanted, current, order, policy, remembered)
    : planScheduled(wanted, current, order, remembered);
}

function hasOurName({ owner }: Wanted, current: Registration): boolean {
  return current.ownership?.owner === owner;
}

/** The owner is compared as it was noted: a change of the cluster's name renames the Helm release. */
function isRemembered({ own = [] }: Remembered, { version, ownership }: Registration): boolean {
  return own.some((each) => each.version === version && each.owner === ownership?.owner);
}

/** A manual registration has no owner, so a later rollback could not replace it; a deliberate run registers it again to own it. */
function planWanted({ appVersion }: Wanted, current: Registration, trigger: Trigger): Decision {
  if (current.ownership || !isDeliberate(trigger)) {
    return { action: "nothing", reason: "this definition is already current" };
  }
  const { appVersion: registered, revision } = parseVersionName(current.version);
  return {
    action: "register",
    fromRevision: registered === appVersion ? revision + 1 : 0,
    reason: `${current.version} is this definition, but was registered manually, and this Helm release takes ownership`,
  };
}

type Order = "same" | "newer" | "incomparable";

function planDeliberate(
  wanted: Wanted,
  current: Registration,
  order: Order,
  policy: Pick<Policy, "whenNewer" | "force">,
  remembered: Remembered,
): Decision {
  const { version } = current;
  if (order === "same") {
    if (hasOurName(wanted, current)) return changed(current);
    const reason = `another definition was registered ${ownerOf(current)}`;
    return { ...changed(current), reason, warning: conflict(wanted, current) };
  }
  if (order === "incomparable") {
    const reason = `${version} and ${wanted.appVersion} cannot be compared`;
    return { action: "register", fromRevision: 0, reason, warning: incomparable(wanted, current) };
  }
  if (hasOurName(wanted, current) || isRemembered(remembered, current)) return rolledBack(current);
  const args = newerArgs(wanted, current);
  const warning = finding("warning", "registration-newer", args);
  if (policy.force || policy.whenNewer === "replace") {
    return {
      action: "register",
      fromRevision: 0,
      reason: `${version} is newer, but is to be replaced (${policy.force ? "--force" : "policy.whenNewer: replace"})`,
      warning,
    };
  }
  if (policy.whenNewer === "keep") return { action: "keep", reason: "policy.whenNewer is keep", warning };
  const error = finding("error", "registration-newer", args);
  return { action: "refuse", reason: "policy.whenNewer is fail", error };
}

/** Replaces only what this installation has registered: two installations of one name would otherwise overwrite each other forever. */
function planScheduled(wanted: Wanted, current: Registration, order: Order, remembered: Remembered): Decision {
  if (isRemembered(remembered, current)) return order === "same" ? changed(current) : rolledBack(current);
  if (hasOurName(wanted, current)) return refuseSharedName(wanted, current, remembered);
  switch (order) {
    case "same": {
      const reason = "scheduled runs never replace another Helm release's registration";
      return { action: "keep", reason, warning: conflict(wanted, current) };
    }
    case "newer": {
      const reason = "scheduled runs never replace another Helm release's newer registration";
      const warning = finding("warning", "registration-newer", newerArgs(wanted, current));
      return { action: "keep", reason, ...unlessSeen(remembered, current, warning) };
    }
    case "incomparable": {
      const reason = "scheduled runs never replace a version that cannot be compared";
      return { action: "keep", reason, ...unlessSeen(remembered, current, incomparable(wanted, current)) };
    }
  }
}

function changed({ version }: Registration): Decision & { action: "register" } {
  const fromRevision = parseVersionName(version).revision + 1;
  return { action: "register", fromRevision, reason: "the definition of this Helm release has changed" };
}

function rolledBack({ version }: Registration): Decision {
  return { action: "register", fromRevision: 0, reason: `this Helm release was rolled back from ${version}` };
}

function refuseSharedName(
  { owner, scope, appVersion }: Wanted,
  { version }: Registration,
  remembered: Remembered,
): Decision {
  const last = remembered.own?.at(-1);
  const why =
    remembered.unknown ??
    (last === undefined
      ? "its status ConfigMap names no registration of its own"
      : `its status ConfigMap names ${last.version} as the last that it registered`);
  return {
    action: "refuse",
    reason: `this installation did not register ${version}`,
    error: finding("error", "owner-not-unique", { scope, current: version, owner, wanted: appVersion }, why),
  };
}

function conflict({ scope }: Wanted, current: Registration): Finding {
  return finding("warning", "registration-conflict", { scope, current: current.version, owner: ownerOf(current) });
}

function newerArgs({ scope, appVersion }: Wanted, current: Registration) {
  return { scope, current: current.version, owner: ownerOf(current), wanted: appVersion };
}

function incomparable({ scope, appVersion }: Wanted, { version }: Registration): Finding {
  return finding("warning", "registration-incomparable", { scope, current: version, wanted: appVersion });
}

/** Reported once per change, not every ten minutes: most members of a fleet are in this state, and nothing is wrong with them. */
function unlessSeen({ seen }: Remembered, { version }: Registration, warning: Finding): { warning?: Finding } {
  return seen === version ? {} : { warning };
}

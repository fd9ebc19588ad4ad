import { compareAppVersions, parseVersionName } from "../definition/version-name.ts";
import { type Finding, finding } from "../findings/registrar-error.ts";
import type { Policy, Trigger } from "../settings/schema.ts";
import { ownerOf, type Registration } from "./registration.ts";

/** What this run wants to be current. */
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

/** What earlier runs of this installation have left in its status. */
export interface Remembered {
  /** The registration that this installation last found to be its own, and those that it was about to make since. */
  own?: readonly Own[] | undefined;
  /** The version that was current when the last run ended. */
  seen?: string | undefined;
  /** Why nothing is known. */
  unknown?: string | undefined;
}

/** What to do, with the reason in words that go after "because". */
export type Decision =
  | { action: "nothing"; reason: string }
  | { action: "register"; fromRevision: number; reason: string; warning?: Finding }
  | { action: "keep"; reason: string; warning?: Finding }
  | { action: "refuse"; reason: string; error: Finding };

/** Triggers behind which a person or a change of the Helm release stands; the others only repair, so that a fleet is quiet. */
const deliberate: ReadonlySet<Trigger> = new Set(["install", "upgrade", "rollback", "manual"]);

/** Whether the decision depends on what is remembered: only then is it worth asking the cluster. */
export function needsMemory(wanted: Wanted, current: Registration | undefined, trigger: Trigger): boolean {
  if (!current || current.isWanted) return false;
  const order = compareAppVersions(current.appVersion, wanted.appVersion);
  return deliberate.has(trigger) ? order === "newer" && !hasOurName(wanted, current) : order !== "older";
}

/**
 * Decides what a run does about the current registration. Pure; the table is in docs/architecture.md, and each row of it
 * is a test. "Current" is the newest registration by `created_at`, which is what the SDK uses, not the highest version.
 * @param remembered only read where `needsMemory` says so
 */
export function plan(
  wanted: Wanted,
  current: Registration | undefined,
  trigger: Trigger,
  policy: Pick<Policy, "whenNewer" | "force">,
  remembered: Remembered,
): Decision {
  if (!current) return { action: "register", fromRevision: 0, reason: "nothing is registered yet" };
  const isDeliberate = deliberate.has(trigger);
  if (current.isWanted) return planWanted(wanted, current, isDeliberate);
  const order = compareAppVersions(current.appVersion, wanted.appVersion);
  if (order === "older") {
    return { action: "register", fromRevision: 0, reason: `${current.version} is older than ${wanted.appVersion}` };
  }
  return isDeliberate
    ? planDeliberate(wanted, current, order, policy, remembered)
    : planScheduled(wanted, current, order, remembered);
}

function hasOurName({ owner }: Wanted, current: Registration): boolean {
  return current.ownership?.owner === owner;
}

/** The name may have been another one then: a Helm release is renamed by a change of its cluster's name. */
function isRemembered({ own = [] }: Remembered, { version, ownership }: Registration): boolean {
  return own.some((each) => each.version === version && each.owner === ownership?.owner);
}

/** One that nobody owns is registered again for us: else a later rollback of ours would meet a registration of nobody. */
function planWanted({ appVersion }: Wanted, current: Registration, isDeliberate: boolean): Decision {
  if (current.ownership || !isDeliberate) {
    return { action: "nothing", reason: "the current registration is this definition" };
  }
  const { appVersion: registered, revision } = parseVersionName(current.version);
  return {
    action: "register",
    fromRevision: registered === appVersion ? revision + 1 : 0,
    reason: `${current.version} is this definition, but was registered manually, and this Helm release has to own it`,
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
    const reason = `${version} cannot be compared`;
    return { action: "register", fromRevision: 0, reason, warning: incomparable(wanted, current) };
  }
  if (hasOurName(wanted, current) || isRemembered(remembered, current)) return rolledBack(current);
  const args = newerArgs(wanted, current);
  const warning = finding("warning", "registration-newer", args);
  if (policy.force || policy.whenNewer === "replace") {
    return { action: "register", fromRevision: 0, reason: `${version}, which is newer, is to be replaced`, warning };
  }
  if (policy.whenNewer === "keep") return { action: "keep", reason: "policy.whenNewer is keep", warning };
  const error = finding("error", "registration-newer", args);
  return { action: "refuse", reason: "policy.whenNewer is fail", error };
}

/** Only what this installation has registered itself: two of one name would else repair each other's for ever. */
function planScheduled(wanted: Wanted, current: Registration, order: Order, remembered: Remembered): Decision {
  if (isRemembered(remembered, current)) return order === "same" ? changed(current) : rolledBack(current);
  if (hasOurName(wanted, current)) return refuseSharedName(wanted, current, remembered);
  switch (order) {
    case "same": {
      const reason = "a scheduled run never replaces what another Helm release registered";
      return { action: "keep", reason, warning: conflict(wanted, current) };
    }
    case "newer": {
      const reason = "a scheduled run never replaces a newer registration of another Helm release";
      const warning = finding("warning", "registration-newer", newerArgs(wanted, current));
      return { action: "keep", reason, ...unlessSeen(remembered, current, warning) };
    }
    case "incomparable": {
      const reason = "a scheduled run never replaces what cannot be compared";
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
      ? "this installation's status tells of no registration of its own"
      : `this installation's status says that it last registered ${last.version}`);
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

/** Said once per change, not every ten minutes: in a fleet it is how most members stand, and nothing is wrong with them. */
function unlessSeen({ seen }: Remembered, { version }: Registration, warning: Finding): { warning?: Finding } {
  return seen === version ? {} : { warning };
}

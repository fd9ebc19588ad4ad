import { finding } from "../findings/finding.ts";
import type { Policy, Trigger } from "../settings/schema.ts";
import { type Decision, isDeliberate, type Remembered, type Wanted } from "./decision.ts";
import { ownerOf, type Registration } from "./registration.ts";

/**
 * Decides what a run of a member does: it never registers. Whatever its owner has made current is right, so that raises
 * nothing. Without any registration, builds fail on this data plane too, which is an error here as anywhere. A person who asks
 * a member to register is told that it cannot: a takeover is a change of the values, which the next upgrade keeps.
 * @param remembered read only if `needsMemory` is true
 */
export function planMember(
  { scope, appVersion }: Wanted,
  current: Registration | undefined,
  trigger: Trigger,
  { force }: Pick<Policy, "force">,
  remembered: Remembered,
): Decision {
  if (!current) {
    const reason = "nothing is registered, and a member registers nothing";
    return { action: "refuse", reason, error: finding("error", "registration-missing", { scope }) };
  }
  if (!current.isWanted && (force || trigger === "manual")) {
    const args = { scope, current: current.version, owner: ownerOf(current), wanted: appVersion };
    const reason = "a member registers nothing";
    return { action: "refuse", reason, error: finding("error", "member-never-registers", args) };
  }
  const isNews = isDeliberate(trigger) || remembered.seen !== current.version;
  return { action: "observe", reason: "policy.role is member", isNews };
}

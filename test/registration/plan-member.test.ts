import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseVersionName } from "../../src/definition/version-name.ts";
import type { Decision, Remembered } from "../../src/registration/decision.ts";
import { needsMemory, plan } from "../../src/registration/plan.ts";
import type { Registration } from "../../src/registration/registration.ts";
import type { Policy, Trigger } from "../../src/settings/schema.ts";

const us = "prod-us/union/dataplane";
const others = "prod-eu/union/dataplane";
const wanted = { appVersion: "2026.3.4", owner: us, scope: "system/production" };
const member = { role: "member", whenNewer: "keep", force: false } satisfies Partial<Policy>;
const ofHelm: Trigger[] = ["install", "upgrade", "rollback"];
const repairing: Trigger[] = ["schedule", "test"];
const every: Trigger[] = [...ofHelm, "manual", ...repairing];

function registered(version: string, owner: string | undefined, isWanted = false): Registration {
  const { appVersion } = parseVersionName(version);
  const ownership = owner === undefined ? undefined : { owner, appVersion };
  return { version, registeredAt: undefined, deployedBy: "alice", ownership, appVersion, differences: [], isWanted };
}

interface Row {
  row: string;
  current: Registration | undefined;
  triggers: Trigger[];
  force?: boolean;
  remembered?: Remembered;
  decides: { action: Decision["action"]; isNews?: boolean; code?: string };
}

/** Whatever is not this member's own definition. */
const foreign = [
  registered("2026.3.3", others),
  registered("2026.3.4", others),
  registered("2026.3.5", others),
  registered("nightly-7", undefined),
  registered("2026.3.4-r2", us),
];

const rows: Row[] = [
  {
    row: "nothing is registered",
    current: undefined,
    triggers: every,
    decides: { action: "refuse", code: "registration-missing" },
  },
  {
    row: "its own definition, unowned",
    current: registered("2026.3.4", undefined, true),
    triggers: [...ofHelm, "manual"],
    decides: { action: "observe", isNews: true },
  },
  ...foreign.flatMap((current): Row[] => [
    { row: current.version, current, triggers: ofHelm, decides: { action: "observe", isNews: true } },
    { row: current.version, current, triggers: repairing, decides: { action: "observe", isNews: true } },
    {
      row: `${current.version}, seen before`,
      current,
      triggers: repairing,
      remembered: { seen: current.version },
      decides: { action: "observe", isNews: false },
    },
    {
      row: current.version,
      current,
      triggers: ["manual"],
      decides: { action: "refuse", code: "member-never-registers" },
    },
    {
      row: `${current.version}, --force`,
      current,
      triggers: every,
      force: true,
      decides: { action: "refuse", code: "member-never-registers" },
    },
  ]),
];

describe("plan for a member", () => {
  const table = rows.flatMap(({ triggers, ...row }) => triggers.map((trigger) => ({ ...row, trigger })));
  it.each(table)("$row, $trigger: $decides.action", ({ current, trigger, force = false, remembered = {}, decides }) => {
    const decision = plan(wanted, current, trigger, { ...member, force }, remembered);
    expect({
      action: decision.action,
      ...("isNews" in decision && { isNews: decision.isNews }),
      ...("error" in decision && { code: decision.error.code }),
    }).toEqual(decides);
    if ("error" in decision) expect(decision.error.severity).toBe("error");
  });

  const versions = fc.constantFrom("2026.3.3", "2026.3.4", "2026.3.4-r1", "2026.3.10", "2026.4.0-rc1", "nightly-7");
  const owners = fc.option(fc.constantFrom(us, others), { nil: undefined });
  const situations = fc.record({
    current: fc.option(fc.tuple(versions, owners, fc.boolean()), { nil: undefined, freq: 10 }),
    appVersion: versions,
    trigger: fc.constantFrom(...every),
    policy: fc.record({
      role: fc.constant("member" as const),
      whenNewer: fc.constantFrom("keep", "replace", "fail"),
      force: fc.boolean(),
    }),
    own: fc.array(fc.record({ version: versions, owner: fc.constantFrom(us, others) }), { maxLength: 3 }),
    seen: fc.option(versions, { nil: undefined }),
  });

  it("never registers, whatever is current, remembered and asked, and warns of nothing", () => {
    fc.assert(
      fc.property(situations, ({ current, appVersion, trigger, policy, own, seen }) => {
        const found = current && registered(...current);
        const decision = plan({ ...wanted, appVersion }, found, trigger, policy, { own, seen });
        expect(["observe", "refuse"]).toContain(decision.action);
        expect(decision).not.toHaveProperty("warning");
        if (decision.action === "refuse" && found) expect(trigger === "manual" || policy.force).toBe(true);
      }),
    );
  });

  it("is the same whatever is remembered, where memory is not needed", () => {
    fc.assert(
      fc.property(situations, ({ current, trigger, policy, own, seen }) => {
        const found = current && registered(...current);
        fc.pre(!needsMemory(wanted, found, trigger, policy));
        expect(plan(wanted, found, trigger, policy, { own, seen })).toEqual(plan(wanted, found, trigger, policy, {}));
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareReleases, parseVersionName } from "../src/definition/version-name.ts";
import { plan } from "../src/plan.ts";
import type { Registration } from "../src/registration.ts";
import type { Policy, Trigger } from "../src/settings/schema.ts";

const us = "prod-us/union/dataplane";
const others = "prod-eu/union/dataplane";
const wanted = { appVersion: "2026.3.4", release: us, scope: "system/production" };
const deliberate: Trigger[] = ["install", "upgrade", "rollback", "manual"];
const repairing: Trigger[] = ["schedule", "test"];
const every = [...deliberate, ...repairing];

function registration(version: string, signedBy: string | undefined, isWanted = false): Registration {
  const { appVersion } = parseVersionName(version);
  const signature =
    signedBy === undefined ? undefined : { fingerprint: "sha256:…", registeredBy: signedBy, appVersion };
  return { version, registeredAt: undefined, deployedBy: "", signature, appVersion, differences: [], isWanted };
}

interface Row {
  row: string;
  current: Registration | undefined;
  triggers: Trigger[];
  policy?: Partial<Policy>;
  decides: { action: string; fromRevision?: number; code?: string };
}

const unwanted = (version: string, signedBy?: string) => registration(version, signedBy);

const table: Row[] = [
  { row: "none", current: undefined, triggers: every, decides: { action: "register", fromRevision: 0 } },
  ...[us, others, undefined].map((owner) => ({
    row: `this definition, of ${owner}`,
    current: registration("2026.3.4-r2", owner, true),
    triggers: every,
    decides: { action: "nothing" },
  })),
  {
    row: "same appVersion, other fingerprint, signed by this release",
    current: unwanted("2026.3.4-r2", us),
    triggers: every,
    decides: { action: "register", fromRevision: 3 },
  },
  ...[others, undefined].flatMap((owner) => [
    {
      row: `same appVersion, other fingerprint, of ${owner}: deliberate`,
      current: unwanted("2026.3.4", owner),
      triggers: deliberate,
      decides: { action: "register", fromRevision: 1, code: "registration-conflict" },
    },
    {
      row: `same appVersion, other fingerprint, of ${owner}: repairing`,
      current: unwanted("2026.3.4", owner),
      triggers: repairing,
      decides: { action: "keep", code: "registration-conflict" },
    },
  ]),
  ...[us, others, undefined].map((owner) => ({
    row: `older appVersion, of ${owner}`,
    current: unwanted("2026.3.3-r7", owner),
    triggers: every,
    decides: { action: "register", fromRevision: 0 },
  })),
  {
    row: "newer appVersion, signed by this release",
    current: unwanted("2026.3.10", us),
    triggers: every,
    decides: { action: "register", fromRevision: 0 },
  },
  ...[others, undefined].flatMap((owner) => {
    const current = unwanted("2026.3.10", owner);
    const code = "registration-newer";
    const newer = (policy: Partial<Policy>, decides: Row["decides"]) => ({
      row: `newer appVersion, of ${owner}, ${JSON.stringify(policy)}`,
      current,
      triggers: every,
      policy,
      decides,
    });
    return [
      newer({}, { action: "keep", code }),
      newer({ whenNewer: "replace" }, { action: "register", fromRevision: 0, code }),
      newer({ whenNewer: "fail" }, { action: "refuse", code }),
      newer({ whenNewer: "keep", force: true }, { action: "register", fromRevision: 0, code }),
      newer({ whenNewer: "fail", force: true }, { action: "register", fromRevision: 0, code }),
    ];
  }),
  ...[us, others, undefined].flatMap((owner) => [
    {
      row: `not comparable, of ${owner}: deliberate`,
      current: unwanted("nightly", owner),
      triggers: deliberate,
      decides: { action: "register", fromRevision: 0, code: "registration-incomparable" },
    },
    {
      row: `not comparable, of ${owner}: repairing`,
      current: unwanted("nightly", owner),
      triggers: repairing,
      decides: { action: "keep", code: "registration-incomparable" },
    },
  ]),
];

describe("plan", () => {
  const rows = table.flatMap(({ triggers, ...row }) => triggers.map((trigger) => ({ ...row, trigger })));
  it.each(rows)("$row, $trigger: $decides.action", ({ current, trigger, policy = {}, decides }) => {
    const decision = plan(wanted, current, trigger, { whenNewer: "keep", force: false, ...policy });
    const code = "warning" in decision ? decision.warning?.code : "error" in decision ? decision.error.code : undefined;
    const fromRevision = "fromRevision" in decision ? decision.fromRevision : undefined;
    expect({ action: decision.action, fromRevision, code }).toEqual({
      fromRevision: undefined,
      code: undefined,
      ...decides,
    });
    expect(decision.reason).not.toBe("");
  });

  it("names in its warning who registered what is kept", () => {
    const decision = plan(wanted, unwanted("2026.3.10", others), "schedule", { whenNewer: "keep", force: false });
    expect(decision).toMatchObject({ warning: { what: expect.stringContaining(`release ${others}`) } });
  });

  const releases = fc.constantFrom("2026.3.3", "2026.3.4", "2026.3.10", "2026.4.0-rc1", "2026.4.0", "nightly");
  const arbitraryCurrent = fc.record({
    appVersion: releases,
    revision: fc.nat(3),
    owner: fc.constantFrom(us, others, undefined),
  });

  it("is idempotent: after its own effect there is nothing to do, for every trigger and policy", () => {
    fc.assert(
      fc.property(
        arbitraryCurrent,
        releases,
        fc.constantFrom(...every),
        fc.constantFrom(...every),
        fc.constantFrom("keep", "replace", "fail"),
        fc.boolean(),
        (current, appVersion, trigger, next, whenNewer, force) => {
          const version = current.revision === 0 ? current.appVersion : `${current.appVersion}-r${current.revision}`;
          const before = registration(version, current.owner);
          const first = plan({ ...wanted, appVersion }, before, trigger, { whenNewer, force });
          fc.pre(first.action === "register");
          const after = registration(appVersion, us, true);
          expect(plan({ ...wanted, appVersion }, after, next, { whenNewer, force }).action).toBe("nothing");
        },
      ),
    );
  });

  it("asks the policy about nothing but a newer release of somebody else", () => {
    const policies = (["keep", "replace", "fail"] as const).flatMap((whenNewer) => [
      { whenNewer, force: false },
      { whenNewer, force: true },
    ]);
    fc.assert(
      fc.property(
        arbitraryCurrent,
        releases,
        fc.constantFrom(...every),
        fc.boolean(),
        (current, appVersion, trigger, isWanted) => {
          const { owner } = current;
          fc.pre(isWanted || owner === us || compareReleases(current.appVersion, appVersion) !== "newer");
          const before = registration(current.appVersion, owner, isWanted);
          const [first, ...others] = policies.map((policy) => plan({ ...wanted, appVersion }, before, trigger, policy));
          for (const other of others) expect(other).toEqual(first);
        },
      ),
    );
  });

  it("lets no scheduled run replace a newer or equal release of somebody else, unless the policy asks for it", () => {
    fc.assert(
      fc.property(arbitraryCurrent, releases, (current, appVersion) => {
        fc.pre(current.owner !== us);
        const order = compareReleases(current.appVersion, appVersion);
        const decision = plan({ ...wanted, appVersion }, registration(current.appVersion, current.owner), "schedule", {
          whenNewer: "keep",
          force: false,
        });
        expect(decision.action).toBe(order === "older" ? "register" : "keep");
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareAppVersions, parseVersionName, versionName } from "../../src/definition/version-name.ts";
import type { Decision, Remembered } from "../../src/registration/decision.ts";
import { needsMemory, plan } from "../../src/registration/plan.ts";
import type { Registration } from "../../src/registration/registration.ts";
import type { Policy, Trigger } from "../../src/settings/schema.ts";
import { described } from "../../testing/findings/described.ts";

const us = "prod-us/union/dataplane";
const others = "prod-eu/union/dataplane";
const wanted = { appVersion: "2026.3.4", owner: us, scope: "system/production" };
const deliberate: Trigger[] = ["install", "upgrade", "rollback", "manual"];
const repairing: Trigger[] = ["schedule", "test"];
const every = [...deliberate, ...repairing];
const keep = { role: "owner", whenNewer: "keep", force: false } satisfies Partial<Policy>;

/** A registration under this name, of that owner (undefined: registered manually). */
function registered(version: string, owner: string | undefined, isWanted = false): Registration {
  const { appVersion } = parseVersionName(version);
  const ownership = owner === undefined ? undefined : { owner, appVersion };
  return { version, registeredAt: undefined, deployedBy: "alice", ownership, appVersion, differences: [], isWanted };
}

/** That this installation registered that version, as that Helm release. */
function own(version: string, owner = us): Remembered {
  return { own: [{ version, owner }] };
}

/** How a decision is told: what is done and why, and the finding with the reason it gives. */
interface Told {
  action: Decision["action"];
  reason: string;
  fromRevision?: number;
  warning?: string;
  error?: string;
  why?: string;
}

function told(decision: Decision): Told {
  const { action, reason } = decision;
  const warning = "warning" in decision ? decision.warning : undefined;
  const error = "error" in decision ? decision.error : undefined;
  const why = warning?.why || error?.why;
  return {
    action,
    reason,
    ...("fromRevision" in decision && { fromRevision: decision.fromRevision }),
    ...(warning && { warning: warning.code }),
    ...(error && { error: error.code }),
    ...(why && { why }),
  };
}

interface Row {
  row: string;
  current: Registration | undefined;
  triggers: Trigger[];
  policy?: Partial<Policy>;
  remembered?: Remembered;
  decides: Told;
}

const ownerWords = (owner: string | undefined) =>
  owner === undefined ? "manually (by alice)" : `by Helm release ${owner}`;

const notNewer: Row[] = [
  {
    row: "none",
    current: undefined,
    triggers: every,
    decides: { action: "register", fromRevision: 0, reason: "nothing is registered yet" },
  },
  ...[us, others].map((owner) => ({
    row: `this definition, owned by ${owner}`,
    current: registered("2026.3.4-r2", owner, true),
    triggers: every,
    decides: { action: "nothing" as const, reason: "this definition is already current" },
  })),
  ...[
    { name: "2026.3.4", fromRevision: 1 },
    { name: "2026.3.4-r2", fromRevision: 3 },
    // Whoever registers manually names it as they like; the revisions of this appVersion are free then.
    { name: "by-alice-r7", fromRevision: 0 },
  ].flatMap(({ name, fromRevision }): Row[] => [
    {
      row: `this definition, unowned, named ${name}`,
      current: registered(name, undefined, true),
      triggers: deliberate,
      decides: {
        action: "register",
        fromRevision,
        reason: `${name} is this definition, but was registered manually, and this Helm release takes ownership`,
      },
    },
    {
      row: `this definition, unowned, named ${name}`,
      current: registered(name, undefined, true),
      triggers: repairing,
      decides: { action: "nothing", reason: "this definition is already current" },
    },
  ]),
  {
    row: "same appVersion, other definition, ours",
    current: registered("2026.3.4-r2", us),
    triggers: deliberate,
    decides: { action: "register", fromRevision: 3, reason: "the definition of this Helm release has changed" },
  },
  ...[others, undefined].flatMap((owner): Row[] => [
    {
      row: `same appVersion, other definition, registered ${ownerWords(owner)}`,
      current: registered("2026.3.4", owner),
      triggers: deliberate,
      decides: {
        action: "register",
        fromRevision: 1,
        warning: "registration-conflict",
        reason: `another definition was registered ${ownerWords(owner)}`,
      },
    },
    // A conflict is wrong as long as it lasts, so each run reports it, seen or not.
    ...[{}, { seen: "2026.3.4" }, own("2026.3.4"), { unknown: "it cannot be read" }].map(
      (remembered): Row => ({
        row: `same appVersion, other definition, registered ${ownerWords(owner)}, ${JSON.stringify(remembered)}`,
        current: registered("2026.3.4", owner),
        triggers: repairing,
        remembered,
        decides: {
          action: "keep",
          warning: "registration-conflict",
          reason: "scheduled runs never replace another Helm release's registration",
        },
      }),
    ),
  ]),
  ...[us, others, undefined].map((owner) => ({
    row: `older appVersion, registered ${ownerWords(owner)}`,
    current: registered("2026.3.3-r7", owner),
    triggers: every,
    decides: { action: "register" as const, fromRevision: 0, reason: "2026.3.3-r7 is older than 2026.3.4" },
  })),
];

/** What no run takes for older than what it wants, and how a run goes back from it. */
const notOlder: { order: string; version: string; decides: Told }[] = [
  {
    order: "same appVersion, other definition",
    version: "2026.3.4-r2",
    decides: { action: "register", fromRevision: 3, reason: "the definition of this Helm release has changed" },
  },
  ...["2026.3.10-r1", "nightly-7"].map((version) => ({
    order: version === "nightly-7" ? "not comparable" : "newer appVersion",
    version,
    decides: backFrom(version),
  })),
];

function backFrom(version: string): Told {
  return { action: "register", fromRevision: 0, reason: `this Helm release was rolled back from ${version}` };
}

const toldNothing = "its status ConfigMap names no registration of its own";

const toldOther = (version: string) => `its status ConfigMap names ${version} as the last that it registered`;

const ownRows: Row[] = notOlder.flatMap(({ order, version, decides }): Row[] => [
  // The other name is the one that this Helm release had when it registered it.
  ...[us, others].flatMap((owner) =>
    [{ others: [] }, { others: [{ version: "2026.4.0", owner }] }].map(({ others: announced }) => ({
      row: `${order}, registered ${ownerWords(owner)}, remembered as own before ${announced.length} more`,
      current: registered(version, owner),
      triggers: repairing,
      remembered: { own: [{ version, owner }, ...announced] },
      decides,
    })),
  ),
  ...[
    { remembered: {}, why: toldNothing },
    { remembered: { seen: version }, why: toldNothing },
    { remembered: own("2026.3.3"), why: toldOther("2026.3.3") },
    { remembered: own(`${version}0`), why: toldOther(`${version}0`) },
    { remembered: own(version, others), why: toldOther(version) },
    { remembered: { unknown: "the status cannot be read" }, why: "the status cannot be read" },
  ].map(
    ({ remembered, why }): Row => ({
      row: `${order}, ours by name, ${JSON.stringify(remembered)}`,
      current: registered(version, us),
      triggers: repairing,
      remembered,
      decides: {
        action: "refuse",
        error: "owner-not-unique",
        why,
        reason: `this installation did not register ${version}`,
      },
    }),
  ),
]);

const ownNewer: Row[] = [{}, own("2026.3.10"), own("2026.3.10-r1"), { unknown: "it cannot be read" }].map(
  (remembered) => ({
    row: `newer appVersion, ours by name, ${JSON.stringify(remembered)}`,
    current: registered("2026.3.10-r1", us),
    triggers: deliberate,
    remembered,
    decides: backFrom("2026.3.10-r1"),
  }),
);

const policies: { policy: Pick<Policy, "whenNewer" | "force">; decides: Told }[] = [
  {
    policy: keep,
    decides: { action: "keep", warning: "registration-newer", reason: "policy.whenNewer is keep" },
  },
  {
    policy: { whenNewer: "fail", force: false },
    decides: { action: "refuse", error: "registration-newer", reason: "policy.whenNewer is fail" },
  },
  ...[
    { whenNewer: "replace" as const, force: false },
    { whenNewer: "keep" as const, force: true },
    { whenNewer: "fail" as const, force: true },
    { whenNewer: "replace" as const, force: true },
  ].map((policy) => ({
    policy,
    decides: {
      action: "register" as const,
      fromRevision: 0,
      warning: "registration-newer",
      reason: `2026.3.10 is newer, but is to be replaced (${policy.force ? "--force" : "policy.whenNewer: replace"})`,
    },
  })),
];

const othersNewer: Row[] = [others, undefined].flatMap((owner) =>
  policies.flatMap(({ policy, decides }): Row[] => {
    const row = `newer appVersion, registered ${ownerWords(owner)}, ${JSON.stringify(policy)}`;
    const current = registered("2026.3.10", owner);
    const quietly: Told = {
      action: "keep",
      reason: "scheduled runs never replace another Helm release's newer registration",
    };
    return [
      ...[{ seen: "2026.3.10" }, own("2026.3.9", owner), own("2026.3.10"), { unknown: "it cannot be read" }].map(
        (remembered) => ({
          row: `${row}, ${JSON.stringify(remembered)}`,
          current,
          triggers: deliberate,
          policy,
          remembered,
          decides,
        }),
      ),
      ...[{}, { seen: "2026.3.9" }, own("2026.3.10"), { unknown: "it cannot be read" }].map((remembered) => ({
        row: `${row}, ${JSON.stringify(remembered)}`,
        current,
        triggers: repairing,
        policy,
        remembered,
        decides: { ...quietly, warning: "registration-newer" },
      })),
      {
        row: `${row}, seen before`,
        current,
        triggers: repairing,
        policy,
        remembered: { seen: "2026.3.10" },
        decides: quietly,
      },
    ];
  }),
);

/** Under the name that this Helm release had before: whoever may go back from it by name may do so by memory. */
const renamedNewer: Row[] = policies.map(({ policy }) => ({
  row: `newer appVersion, remembered as own under another name, ${JSON.stringify(policy)}`,
  current: registered("2026.3.10-r1", others),
  triggers: deliberate,
  policy,
  remembered: own("2026.3.10-r1", others),
  decides: backFrom("2026.3.10-r1"),
}));

const incomparable: Row[] = [us, others, undefined].flatMap((owner): Row[] => {
  const row = `not comparable, registered ${ownerWords(owner)}`;
  const current = registered("nightly-7", owner);
  const quietly: Told = { action: "keep", reason: "scheduled runs never replace a version that cannot be compared" };
  return [
    {
      row,
      current,
      triggers: deliberate,
      remembered: { seen: "nightly-7" },
      decides: {
        action: "register",
        fromRevision: 0,
        warning: "registration-incomparable",
        reason: "nightly-7 and 2026.3.4 cannot be compared",
      },
    },
    // What has our name is in `ownRows`.
    ...(owner === us ? [] : unowned()),
  ];

  function unowned(): Row[] {
    const unseen = [{}, { seen: "2026.3.3" }, own("nightly-7"), { unknown: "it cannot be read" }];
    return [
      ...unseen.map((remembered) => ({
        row: `${row}, ${JSON.stringify(remembered)}`,
        current,
        triggers: repairing,
        remembered,
        decides: { ...quietly, warning: "registration-incomparable" },
      })),
      {
        row: `${row}, seen before`,
        current,
        triggers: repairing,
        remembered: { seen: "nightly-7" },
        decides: quietly,
      },
    ];
  }
});

describe("plan", () => {
  const table = [...notNewer, ...ownRows, ...ownNewer, ...othersNewer, ...renamedNewer, ...incomparable];
  const rows = table.flatMap(({ triggers, ...row }) => triggers.map((trigger) => ({ ...row, trigger })));
  it.each(rows)("$row, $trigger: $decides.action", ({ current, trigger, policy, remembered = {}, decides }) => {
    const decision = plan(wanted, current, trigger, { ...keep, ...policy }, remembered);
    expect(told(decision)).toEqual(decides);
    if (decides.warning) expect(decision).toMatchObject({ warning: { severity: "warning" } });
    if (decides.error) expect(decision).toMatchObject({ error: { severity: "error" } });
  });

  it("names in its warning who registered what is kept", () => {
    const decision = plan(wanted, registered("2026.3.10", others), "schedule", keep, {});
    expect(decision).toMatchObject({ warning: { args: { owner: `by Helm release ${others}` } } });
  });

  it.each([`${us}-2`, us.slice(0, -1), us.toUpperCase()])("takes no %s for us", (owner) => {
    const decision = plan(wanted, registered("2026.3.10", owner), "schedule", keep, {});
    expect(decision).toMatchObject({ action: "keep", warning: { code: "registration-newer" } });
  });
});

const appVersions = fc.constantFrom("2026.3.3", "2026.3.4", "2026.3.10", "2026.4.0-rc1", "2026.4.0", "nightly-7");
const someVersion = fc.record({ appVersion: appVersions, revision: fc.nat(3) }).map(versionName);
const someOwner = fc.constantFrom(us, others);

/** Everything that a run may meet. */
const situations = fc.record({
  current: fc.option(
    fc.record({ version: someVersion, owner: fc.option(someOwner, { nil: undefined }), isWanted: fc.boolean() }),
    { nil: undefined, freq: 20 },
  ),
  appVersion: appVersions,
  trigger: fc.constantFrom(...every),
  policy: fc.record({
    role: fc.constant("owner" as const),
    whenNewer: fc.constantFrom("keep", "replace", "fail"),
    force: fc.boolean(),
  }),
  remembered: fc.record(
    {
      own: fc.array(fc.record({ version: someVersion, owner: someOwner }), { maxLength: 3 }),
      seen: someVersion,
      unknown: fc.constant("it cannot be read"),
    },
    { requiredKeys: [] },
  ),
  /** Whether what is current is remembered as own: by chance that is rare. */
  isOwn: fc.boolean(),
});

type Situation = typeof situations extends fc.Arbitrary<infer Met> ? Met : never;

/** Of a situation, what a plan is given, and what the properties distinguish. */
function met({ current, appVersion, trigger, policy, ...situation }: Situation) {
  const found = current && registered(current.version, current.owner, current.isWanted);
  const order = found && compareAppVersions(found.appVersion, appVersion);
  const owner = found?.ownership?.owner;
  const remembered: Remembered = { ...situation.remembered, ...(situation.isOwn && ownOf(found)) };
  const isOwn = remembered.own?.some((each) => each.version === found?.version && each.owner === owner) ?? false;
  return { run: { ...wanted, appVersion }, found, order, trigger, policy, remembered, isOurs: owner === us, isOwn };
}

/** The memory of having registered it; of one that nobody owns there is none. */
function ownOf(found: Registration | undefined): Remembered {
  return found?.ownership ? own(found.version, found.ownership.owner) : {};
}

describe("every plan", () => {
  it("gives its finding the severity of its place, names in it what is current and leaves no gap in it", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { run, found, trigger, policy, remembered } = met(situation);
        const decision = plan(run, found, trigger, policy, remembered);
        const findings = {
          warning: "warning" in decision ? decision.warning : undefined,
          error: "error" in decision ? decision.error : undefined,
        };
        for (const [severity, told] of Object.entries(findings)) {
          if (!told) continue;
          expect(told.severity).toBe(severity);
          const { what, fix, next } = described(told);
          expect(what).toContain(found?.version);
          expect(`${what} ${fix} ${next}`).not.toContain("undefined");
        }
      }),
    );
  });

  it("is idempotent: after its own effect there is nothing to do, for every trigger, policy and memory", () => {
    fc.assert(
      fc.property(situations, situations, (situation, next) => {
        const { run, found, trigger, policy, remembered } = met(situation);
        fc.pre(plan(run, found, trigger, policy, remembered).action === "register");
        const after = registered(run.appVersion, us, true);
        expect(plan(run, after, next.trigger, next.policy, next.remembered).action).toBe("nothing");
      }),
    );
  });

  it("asks the policy about nothing but another's newer appVersion, and on deliberate triggers alone", () => {
    fc.assert(
      fc.property(situations, situations, (situation, { policy: other }) => {
        const { run, found, order, trigger, policy, remembered, isOurs, isOwn } = met(situation);
        const isAsked = order === "newer" && !found?.isWanted && !isOurs && !isOwn && deliberate.includes(trigger);
        fc.pre(!isAsked);
        expect(plan(run, found, trigger, other, remembered)).toEqual(plan(run, found, trigger, policy, remembered));
      }),
    );
  });

  it("lets a run that is not deliberate write only to raise what is older, or to go back from what it remembers as own", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { run, found, order, trigger, policy, remembered, isOurs, isOwn } = met(situation);
        fc.pre(repairing.includes(trigger));
        const { action } = plan(run, found, trigger, policy, remembered);
        if (found?.isWanted) expect(action).toBe("nothing");
        else if (found === undefined || order === "older" || isOwn) expect(action).toBe("register");
        else expect(action).toBe(isOurs ? "refuse" : "keep");
      }),
    );
  });

  it("lets a deliberate run leave what is not its definition only where another's is newer", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { run, found, order, trigger, policy, remembered, isOurs, isOwn } = met(situation);
        fc.pre(deliberate.includes(trigger) && found !== undefined && !found.isWanted);
        fc.pre(order !== "newer" || isOurs || isOwn);
        expect(plan(run, found, trigger, policy, remembered).action).toBe("register");
      }),
    );
  });

  it("is the same whatever is remembered, where memory is not needed", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { run, found, trigger, policy, remembered } = met(situation);
        fc.pre(!needsMemory(run, found, trigger, policy));
        const seen = { seen: found?.version };
        for (const memory of [remembered, ownOf(found), seen, { ...ownOf(found), ...seen }]) {
          expect(plan(run, found, trigger, policy, memory)).toEqual(plan(run, found, trigger, policy, {}));
        }
      }),
    );
  });

  it("depends on what is remembered, where memory is needed and somebody owns what is current", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { run, found, trigger, policy } = met(situation);
        fc.pre(needsMemory(run, found, trigger, policy) && found?.ownership !== undefined);
        expect(plan(run, found, trigger, policy, {})).not.toEqual(plan(run, found, trigger, policy, ownOf(found)));
      }),
    );
  });
});

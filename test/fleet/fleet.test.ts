import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Event,
  type Fault,
  type Fleet,
  happen,
  type Installed,
  installFleet,
  interval,
  type Member,
  type Schedule,
} from "../../testing/fleet/fleet.ts";
import { scheduledRound, settle, settlingRounds } from "../../testing/fleet/judgement.ts";
import { faults, mixes, play, randomOf } from "../../testing/fleet/mixes.ts";
import { tableOf } from "../../testing/fleet/print.ts";

const comparable = ["2026.7.1", "2026.8.0-rc1", "2026.8.0", "2026.8.1", "2026.9.0"];
const settings = fc.constantFrom("aws", "gcp");
const own = (place: number, name = 0) => `cluster-${place}.${name}/union/dataplane`;

/** The name of a data plane at a place that takes that one of its two names. */
type Naming = (place: number, name: number) => string;

type Role = NonNullable<Installed["role"]>;

/** Small fleets, and what happens to them: a list, so that what shrinks is the number of events and of data planes. */
function histories(versions: readonly string[], ownerOf: Naming, roles: readonly Role[]) {
  const appVersion = fc.constantFrom(...versions);
  const name = fc.nat(1);
  const whenNewer = fc.constantFrom<Member["whenNewer"]>("keep", "replace", "fail");
  const role = fc.constantFrom(...roles);
  const member = fc.record({ name, role, appVersion, settings, whenNewer });
  const who = fc.nat(3);
  const fault = fc.oneof(fc.constant<Fault>("none"), fc.constantFrom(...faults));
  const upgrade = fc
    .record({ who, fault, name: fc.option(name), to: fc.record({ role, appVersion, settings }, { requiredKeys: [] }) })
    .map(({ who, fault, name, to }): Event => {
      return { kind: "upgrade", who, fault, to: name === null ? to : { ...to, owner: ownerOf(who, name) } };
    });
  const event: fc.Arbitrary<Event> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("schedule" as const), who, fault }) },
    { weight: 3, arbitrary: upgrade },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("rollback" as const), who, hook: fc.boolean(), fault }) },
  );
  return fc.record({
    members: fc
      .array(member, { minLength: 1, maxLength: 4 })
      .map((members) => members.map(({ name, ...each }, place) => ({ ...each, owner: ownerOf(place, name) }))),
    events: fc.array(event, { maxLength: 30, size: "max" }),
    order: fc.nat(),
  });
}

async function fleetAfter(
  members: readonly Member[],
  events: readonly Event[],
  schedule: Schedule = {},
): Promise<Fleet> {
  const fleet = await installFleet(members, schedule);
  for (const event of events) {
    fleet.now += interval;
    await happen(fleet, event);
  }
  return fleet;
}

/** Scheduled runs that all ask, and such as rely on the last answer for an hour, as in the chart. */
const schedules: readonly { schedule: string; lookAgainAfter?: number }[] = [
  { schedule: "each run asks" },
  { schedule: "an answer counts for an hour", lookAgainAfter: 3_600_000 },
];

/** Every row with every schedule. */
function withSchedules<Row extends object>(rows: readonly Row[]): (Row & (typeof schedules)[number])[] {
  return rows.flatMap((row) => schedules.map((schedule) => ({ ...row, ...schedule })));
}

describe("a fleet of any history, once its runs are only scheduled ones", () => {
  const kinds: { kind: string; versions: readonly string[]; naming: Naming; roles?: Role[] }[] = [
    { kind: "names of their own", versions: comparable, naming: own },
    {
      kind: "versions that cannot be compared",
      versions: ["2026.8.0", "2026.9.0", "v2026.8.0", "nightly-7", "nightly-8"],
      naming: own,
    },
    { kind: "names that two may have", versions: comparable, naming: (_, name) => own(0, name) },
    { kind: "owners and members, which may change", versions: comparable, naming: own, roles: ["owner", "member"] },
  ];

  it.each(withSchedules(kinds))("falls silent and stands as promised ($kind, $schedule)", async (row) => {
    const { versions, naming, roles = ["owner"], lookAgainAfter } = row;
    await fc.assert(
      fc.asyncProperty(histories(versions, naming, roles), async ({ members, events, order }) => {
        const fleet = await fleetAfter(members, events, { lookAgainAfter });
        const { quietWrites, violations } = await settle(fleet, 4, randomOf(order).shuffled);
        expect({ quietWrites, violation: violations[0] }).toEqual({ quietWrites: 0, violation: undefined });
      }),
      { numRuns: 500 },
    );
  });
});

describe("200 data planes, after 30 rounds of events and faults", () => {
  it.each(withSchedules(mixes))(
    "write nothing in 30 quiet rounds, and stand as promised ($name, $schedule)",
    async (mix) => {
      const { quietWrites, memberWrites, violations } = await play(mix, 1, mix);
      const ended = { quietWrites, memberWrites, violations: violations.slice(0, 3) };
      expect(ended).toEqual({ quietWrites: 0, memberWrites: 0, violations: [] });
    },
  );

  it.each(withSchedules(mixes.filter(({ name }) => name.includes("199 members"))))(
    "are silent in all quiet rounds, where one of them is the owner ($name, $schedule)",
    async (mix) => {
      const { quietFindings, reported, registrations } = await play(mix, 2, mix);
      expect({ quietFindings, reported }).toEqual({ quietFindings: 0, reported: 0 });
      expect(registrations).toBeGreaterThan(0);
    },
  );
});

describe("scheduled runs", () => {
  const member = (place: number, appVersion: string, settings = "aws"): Member => ({
    owner: own(place),
    appVersion,
    settings,
    whenNewer: "keep",
  });
  const upgrade = (to: Partial<Installed>, fault: Fault = "none", who = 0): Event => ({
    kind: "upgrade",
    who,
    fault,
    to,
  });
  const backUnnoticed: Event = { kind: "rollback", who: 0, hook: false, fault: "none" };

  /** What each of these rounds writes. */
  async function writtenIn(fleet: Fleet, orders: readonly (readonly number[])[]): Promise<string[][]> {
    const written = [];
    for (const order of orders) {
      const runs = await scheduledRound(fleet, order);
      written.push(runs.flatMap(({ wrote }) => wrote?.version ?? []));
    }
    return written;
  }

  const endsOf = (runs: Awaited<ReturnType<typeof scheduledRound>>) =>
    runs.map(({ decision }) => ("error" in decision ? decision.error.code : decision.action));

  it("settle in the second round, where each has a name of its own: the first goes back, the next raises", async () => {
    const members = [member(0, "2026.8.0"), member(1, "2026.8.1")];
    const fleet = await fleetAfter(members, [upgrade({ appVersion: "2026.9.0" }), backUnnoticed]);
    const worst = [1, 0];
    const written = await writtenIn(fleet, [worst, worst, worst, worst]);
    expect(written).toEqual([["2026.8.0-r1"], ["2026.8.1-r1"], [], []]);
  });

  it("settle in the third round, where one wrote what another of its name had failed to write", async () => {
    const members = [1, 0, 0].map((place) => member(place, "2026.7.1"));
    const fleet = await fleetAfter(members, [
      upgrade({ appVersion: "2026.8.1" }, "write fails", 1),
      { ...backUnnoticed, who: 1 },
      upgrade({ appVersion: "2026.8.1" }, "skipped", 2),
    ]);
    const order = [0, 1, 2];
    const written = await writtenIn(fleet, [order, order.toReversed(), order, order, order]);
    expect(written).toEqual([["2026.8.1"], ["2026.7.1-r1"], ["2026.8.1-r1"], [], []]);
    expect(written.slice(settlingRounds).flat()).toEqual([]);
  });

  it("go back from their own even where another has the same version, who raises it again", async () => {
    const upgrades = [0, 1].map((who) => upgrade({ appVersion: "2026.9.0" }, "none", who));
    const fleet = await fleetAfter([member(0, "2026.8.0"), member(1, "2026.8.0")], [...upgrades, backUnnoticed]);
    const order = [0, 1];
    expect(await writtenIn(fleet, [order, order])).toEqual([["2026.8.0-r1", "2026.9.0-r1"], []]);
  });

  const owner = "named/union/dataplane";
  it.each<{ from: string; events: Event[]; writes: string; as: string }>([
    {
      from: "what a run wrote that was killed before its status",
      as: own(0),
      writes: "2026.8.0-r1",
      events: [upgrade({ appVersion: "2026.9.0" }, "killed"), backUnnoticed],
    },
    {
      from: "what a run wrote that could not announce it",
      as: own(0),
      writes: "2026.8.0-r1",
      events: [upgrade({ appVersion: "2026.9.0" }, "status unreadable"), backUnnoticed],
    },
    {
      from: "what is still current after a write that failed",
      as: own(0),
      writes: "2026.8.0-r1",
      events: [
        upgrade({ appVersion: "2026.9.0" }),
        upgrade({ appVersion: "2026.9.1" }, "write fails"),
        backUnnoticed,
        backUnnoticed,
      ],
    },
    {
      from: "what is still current after their own write failed",
      as: own(0),
      writes: "2026.8.0-r1",
      events: [
        upgrade({ appVersion: "2026.9.0" }),
        backUnnoticed,
        { kind: "schedule", who: 0, fault: "killed before its write" },
      ],
    },
    {
      from: "what cannot be compared",
      as: own(0),
      writes: "2026.8.0-r1",
      events: [upgrade({ appVersion: "nightly-7" }), backUnnoticed],
    },
    {
      from: "other settings",
      as: own(0),
      writes: "2026.8.0-r2",
      events: [upgrade({ settings: "gcp" }), backUnnoticed],
    },
    {
      from: "what they wrote under the name that went with it",
      as: own(0),
      writes: "2026.8.0-r1",
      events: [upgrade({ appVersion: "2026.9.0", owner }), backUnnoticed],
    },
    {
      from: "what they wrote before they had their name",
      as: owner,
      writes: "2026.8.0-r1",
      events: [upgrade({ appVersion: "2026.9.0" }), upgrade({ appVersion: "2026.8.0", owner }, "skipped")],
    },
  ])("go back from $from", async ({ events, writes, as }) => {
    const fleet = await fleetAfter([member(0, "2026.8.0")], events);
    expect(await writtenIn(fleet, [[0], [0]])).toEqual([[writes], []]);
    expect(fleet.registrations.at(-1)).toMatchObject({ appVersion: "2026.8.0", settings: "aws", owner: as });
  });

  it.each([
    { what: "other settings", other: member(0, "2026.8.0", "gcp") },
    { what: "a newer version", other: member(0, "2026.9.0") },
    { what: "a version that cannot be compared", other: member(0, "nightly-7") },
  ])(
    "of two installations that share a name, where one has $what, leave each other's, and one of them says so",
    async ({ other }) => {
      const fleet = await fleetAfter([member(0, "2026.8.0"), other], []);
      const order = [0, 1];
      for (const turned of [order, order.toReversed(), order]) {
        const runs = await scheduledRound(fleet, turned);
        expect(runs.filter(({ wrote }) => wrote)).toEqual([]);
        expect(endsOf(runs).toSorted()).toEqual(["nothing", "owner-not-unique"]);
      }
    },
  );
});

describe("the table", () => {
  it("has a row for each fleet, with its numbers under their titles", () => {
    const written = { quietWrites: 1, violations: ["a", "b"], writes: 3, memberWrites: 4, registrations: 5 };
    const told = { quietFindings: 6, reported: 7, conflicts: 8, refused: 9 };
    expect(tableOf([{ name: "a fleet", ...written, ...told }])).toBe(
      `         quiet writes  quiet findings  violations  writes  by members  registrations  keeps reported  conflicts at end  refused at end
a fleet             1               6           2       3           4              5               7                 8               9`,
    );
  });
});

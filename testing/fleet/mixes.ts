import {
  type Event,
  type Fault,
  type Fleet,
  happen,
  installFleet,
  interval,
  type Member,
  type Schedule,
} from "./fleet.ts";
import { type Outcome, settle } from "./judgement.ts";

/** A large fleet of one kind. */
export interface Mix {
  name: string;
  member: (place: number, random: Random) => Member;
  /** What its members upgrade along. */
  tracks?: readonly (readonly string[])[];
  /** What its members change their settings to. */
  settings?: readonly string[];
  /** What its members change their names to. */
  rename?: (place: number, random: Random) => string;
  /** Every other event happens to one of so many: those by whom a fleet is of its kind. */
  restless?: number;
}

/** Chance that comes again with its seed. */
export interface Random {
  /** From 0 up to, but not including, that number. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
}

/** Mulberry32: short, and good enough to play a fleet. */
export function randomOf(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    shuffled: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}

const stable = ["2026.7.1", "2026.7.2", "2026.8.0", "2026.8.2", "2026.8.3", "2026.9.0", "2026.9.1", "2026.10.0"];
const nightly = ["nightly-7", "nightly-8"];
const withPrefix = stable.map((appVersion) => `v${appVersion}`);
const preReleases = ["2026.8.3-rc1", "2026.8.3-rc2", "2026.8.3", "2026.9.0-alpha.1", "2026.9.0-rc1", "2026.9.0"];
const clouds = ["aws", "gcp", "azure"];
const own = (place: number) => `cluster-${place}/union/dataplane`;
const renamed = (place: number, random: Random) => random.pick([own(place), `${own(place)}-renamed`]);
const pair = (place: number) => own(Math.floor(place / 2));
const oneOwner = (place: number) => (place === 0 ? ("owner" as const) : ("member" as const));
const early = (random: Random) => random.pick(stable.slice(0, 3));

/** The kinds of fleets that there are. All keep the same promises; where two share a name, one of them may stop and say so. */
export const mixes: readonly Mix[] = [
  {
    name: "own names, same settings",
    settings: ["aws"],
    member: (place, random) => ({ owner: own(place), appVersion: early(random), settings: "aws", whenNewer: "keep" }),
  },
  {
    name: "own names, three clouds' settings",
    member: (place, random) => ({
      owner: own(place),
      appVersion: early(random),
      settings: random.pick(clouds),
      whenNewer: "keep",
    }),
  },
  {
    name: "own names that change, three clouds' settings",
    rename: renamed,
    member: (place, random) => ({
      owner: renamed(place, random),
      appVersion: early(random),
      settings: random.pick(clouds),
      whenNewer: "keep",
    }),
  },
  {
    name: "one owner, 199 members, same settings",
    settings: ["aws"],
    restless: 1,
    member: (place, random) => ({
      owner: own(place),
      role: oneOwner(place),
      appVersion: early(random),
      settings: "aws",
      whenNewer: "keep",
    }),
  },
  {
    name: "one owner, 199 members, three clouds' settings",
    restless: 1,
    member: (place, random) => ({
      owner: own(place),
      role: oneOwner(place),
      appVersion: early(random),
      settings: random.pick(clouds),
      whenNewer: "keep",
    }),
  },
  {
    name: "one owner, installed after its 199 members",
    member: (place, random) => ({
      owner: own(place),
      role: oneOwner(dataPlanes - 1 - place),
      appVersion: early(random),
      settings: random.pick(clouds),
      whenNewer: "keep",
    }),
  },
  {
    name: "two of one name, same settings",
    settings: ["aws"],
    member: (place, random) => ({ owner: pair(place), appVersion: early(random), settings: "aws", whenNewer: "keep" }),
  },
  {
    name: "two of one name, versions differ",
    member: (place) => ({
      owner: pair(place),
      appVersion: place % 2 ? "2026.7.1" : "2026.8.0",
      settings: "aws",
      whenNewer: "keep",
    }),
  },
  {
    name: "two of one name, one version, other settings",
    tracks: [["2026.8.0"]],
    member: (place) => ({
      owner: pair(place),
      appVersion: "2026.8.0",
      settings: place % 2 ? "gcp" : "aws",
      whenNewer: "keep",
    }),
  },
  {
    name: "all of one name, three clouds' settings",
    member: (_, random) => ({
      owner: "union/registrar",
      appVersion: early(random),
      settings: random.pick(clouds),
      whenNewer: "keep",
    }),
  },
  ...[1, 100].map(
    (replacing): Mix => ({
      name: `whenNewer: replace on ${replacing} of 200`,
      restless: replacing,
      member: (place, random) => ({
        owner: own(place),
        appVersion: early(random),
        settings: random.pick(clouds),
        whenNewer: place < replacing ? "replace" : "keep",
      }),
    }),
  ),
  {
    name: "10 on nightly-7",
    restless: 10,
    tracks: [stable, nightly],
    member: (place, random) => ({
      owner: own(place),
      appVersion: place < 10 ? "nightly-7" : early(random),
      settings: random.pick(clouds),
      whenNewer: "keep",
    }),
  },
  {
    name: "half of them write v2026.8.0",
    tracks: [stable, withPrefix],
    member: (place, random) => ({
      owner: own(place),
      appVersion: `${place % 2 ? "v" : ""}${early(random)}`,
      settings: "aws",
      whenNewer: "keep",
    }),
  },
  {
    name: "pre-releases",
    tracks: [preReleases],
    member: (place, random) => ({
      owner: own(place),
      appVersion: random.pick(preReleases.slice(0, 4)),
      settings: random.pick(clouds),
      whenNewer: "keep",
    }),
  },
];

const dataPlanes = 200;
const rounds = 30;
const eventsPerRound = 6;

/** One row of the table: how a large fleet went. */
export interface Result extends Outcome {
  name: string;
  writes: number;
  /** Of these, by members. */
  memberWrites: number;
  registrations: number;
  /** Scheduled runs, in all rounds, that kept what is current and reported it. */
  reported: number;
}

/** Plays a large fleet: rounds of events and scheduled runs with faults, then as many without. */
export async function play(mix: Mix, seed: number, schedule: Schedule = {}): Promise<Result> {
  const random = randomOf(seed);
  const members = Array.from({ length: dataPlanes }, (_, place) => mix.member(place, random));
  const fleet = await installFleet(members, schedule);
  for (let round = 0; round < rounds; round++) {
    fleet.now += interval;
    for (let event = 0; event < eventsPerRound; event++) await happen(fleet, eventOf(fleet, mix, random));
    for (const who of random.shuffled([...fleet.dataPlanes.keys()])) {
      await happen(fleet, { kind: "schedule", who, fault: faultOf(random) });
    }
  }
  const outcome = await settle(fleet, rounds, random.shuffled);
  return {
    name: mix.name,
    ...outcome,
    registrations: fleet.registrations.length,
    writes: fleet.runs.filter(({ wrote }) => wrote !== undefined).length,
    memberWrites: fleet.runs.filter(({ wrote, wanted }) => wrote !== undefined && wanted.role === "member").length,
    reported: fleet.runs.filter(
      ({ trigger, decision }) => trigger === "schedule" && decision.action === "keep" && decision.warning,
    ).length,
  };
}

function eventOf({ dataPlanes }: Fleet, mix: Mix, random: Random): Event {
  const { tracks = [stable], settings = clouds, restless = dataPlanes.length, rename } = mix;
  const who = random.below(random.pick([dataPlanes.length, restless]));
  const fault = faultOf(random);
  const chance = random.below(100);
  const newer = { appVersion: nextOf(dataPlanes[who]?.installed.appVersion) };
  if (chance < 10 && rename) return { kind: "upgrade", who, fault, to: { ...newer, owner: rename(who, random) } };
  if (chance < 60) return { kind: "upgrade", who, fault, to: newer };
  if (chance < 80) return { kind: "rollback", who, fault, hook: random.below(3) === 0 };
  return { kind: "upgrade", who, fault, to: { settings: random.pick(settings) } };

  function nextOf(appVersion = ""): string {
    const track = tracks.find((each) => each.includes(appVersion)) ?? [];
    return track[track.indexOf(appVersion) + 1] ?? appVersion;
  }
}

export const faults: readonly Fault[] = [
  "skipped",
  "write fails",
  "killed before its write",
  "killed",
  "status unreadable",
];

/** One run in ten meets a fault. */
function faultOf(random: Random): Fault {
  return random.below(10) > 0 ? "none" : random.pick(faults);
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareAppVersions,
  firstFreeRevision,
  parseVersionName,
  versionName,
} from "../../src/definition/version-name.ts";
import { appVersion } from "../../src/settings/field-types.ts";

const release = fc
  .oneof(
    fc.tuple(fc.nat(3000), fc.nat(12), fc.nat(31)).map((parts) => parts.join(".")),
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/),
  )
  .filter((text) => appVersion.safeParse(text).success);

describe("a version's name", () => {
  it.each([
    ["2026.3.4", "2026.3.4", 0],
    ["2026.3.4-r1", "2026.3.4", 1],
    ["2026.3.4-r10", "2026.3.4", 10],
    ["2026.3.4-rc.1-r2", "2026.3.4-rc.1", 2],
    ["2026.3.4-r1-r2", "2026.3.4-r1", 2],
    // People register manually what they like: these are no revisions of ours.
    ["2026.3.4-r0", "2026.3.4-r0", 0],
    ["2026.3.4-r01", "2026.3.4-r01", 0],
    ["2026.3.4-R1", "2026.3.4-R1", 0],
    ["2026.3.4r1", "2026.3.4r1", 0],
    ["2026.3.4-r", "2026.3.4-r", 0],
    ["2026.3.4-r99999999999", "2026.3.4-r99999999999", 0],
    ["-r1", "-r1", 0],
    ["nightly", "nightly", 0],
    ["", "", 0],
  ])("%j is of %j, revision %d", (version, release, revision) => {
    expect(parseVersionName(version)).toEqual({ appVersion: release, revision });
    expect(versionName({ appVersion: release, revision })).toBe(version);
  });

  it("is written and read back alike, for every appVersion that settings may have", () => {
    fc.assert(
      fc.property(release, fc.nat(999_999_999), (text, revision) => {
        const name = { appVersion: text, revision };
        expect(parseVersionName(versionName(name))).toEqual(name);
      }),
    );
  });

  it("is read and written back alike, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^.{0,5}-r\d{0,3}$/)), (version) => {
        expect(versionName(parseVersionName(version))).toBe(version);
      }),
    );
  });
});

describe("one appVersion compared with another", () => {
  it.each([
    ["2026.3.4", "2026.3.4", "same"],
    ["nightly", "nightly", "same"],
    ["2026.3.4", "2026.3.5", "older"],
    ["2026.3.9", "2026.3.10", "older"],
    ["2026.12.1", "2027.1.1", "older"],
    ["2026.3.10", "2026.3.9", "newer"],
    ["2026.3.4-rc.1", "2026.3.4", "older"],
    ["2026.3.4-rc.2", "2026.3.4-rc.10", "older"],
    ["v2026.3.4", "2026.3.5", "older"],
    ["2026.03.4", "2026.3.5", "older"],
    ["2026.3.5", "v2026.3.4", "newer"],
    ["2026.3.5", "2026.03.4", "newer"],
    // Two spellings of one release: which of them is meant cannot be told.
    ["v2026.3.4", "2026.3.4", "incomparable"],
    ["2026.03.4", "2026.3.4", "incomparable"],
    ["nightly", "2026.3.4", "incomparable"],
    ["2026.3", "2026.3.4", "incomparable"],
    ["2026.3.4.1", "2026.3.4", "incomparable"],
    ["", "2026.3.4", "incomparable"],
    ["99999999999999999999.0.0", "2026.3.4", "incomparable"],
  ])("%s is to %s: %s", (one, other, order) => {
    expect(compareAppVersions(one, other)).toBe(order);
  });

  const opposite = { same: "same", older: "newer", newer: "older", incomparable: "incomparable" };
  const near = fc.oneof(release, fc.constantFrom("2026.3.4", "2026.3.4-rc.1", "v2026.3.4", "2026.3.5", "nightly"));

  it("is the opposite the other way round", () => {
    fc.assert(
      fc.property(near, near, (one, other) => {
        expect(compareAppVersions(other, one)).toBe(opposite[compareAppVersions(one, other)]);
        expect(compareAppVersions(one, one)).toBe("same");
      }),
    );
  });

  it("puts every three in one order", () => {
    fc.assert(
      fc.property(near, near, near, (a, b, c) => {
        fc.pre(compareAppVersions(a, b) === "older" && compareAppVersions(b, c) === "older");
        expect(compareAppVersions(a, c)).toBe("older");
      }),
    );
  });
});

describe("the first free revision", () => {
  /** Asks a set of taken names, and counts. */
  async function search(taken: ReadonlySet<string>, from: number) {
    const asked: string[] = [];
    const revision = await firstFreeRevision("2026.3.4", from, async (version) => {
      asked.push(version);
      return taken.has(version);
    });
    return { revision, asked };
  }
  const names = (revisions: Iterable<number>) =>
    new Set([...revisions].map((revision) => versionName({ appVersion: "2026.3.4", revision })));

  it.each([
    ["none is taken", 0, [], 0, ["2026.3.4"]],
    ["the first one asked for is free", 3, [0, 1, 2], 3, ["2026.3.4-r3"]],
    ["one is taken", 0, [0], 1, ["2026.3.4", "2026.3.4-r1"]],
    ["the next of a revision is taken by another writer", 3, [0, 1, 2, 3], 4, ["2026.3.4-r3", "2026.3.4-r4"]],
  ])("where %s", async (_name, from, revisions, revision, asked) => {
    expect(await search(names(revisions), from)).toEqual({ revision, asked });
  });

  it("is none where a server calls every name taken, of which it is not asked for ever", async () => {
    let asked = 0;
    const everything = async () => ++asked > 0;
    expect(await firstFreeRevision("2026.3.4", 0, everything)).toBeUndefined();
    expect(asked).toBeLessThan(30);
  });

  it("is free, not below where the search began, and the first of all where they were written one after another", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.nat(50), fc.uniqueArray(fc.nat(200)), async (from, count, strays) => {
        const inRow = names(Array.from({ length: count }, (_, revision) => revision));
        expect((await search(inRow, from)).revision).toBe(Math.max(from, count));
        const taken = names(strays);
        const { revision = -1 } = await search(taken, from);
        expect(revision).toBeGreaterThanOrEqual(from);
        expect(taken.has(versionName({ appVersion: "2026.3.4", revision }))).toBe(false);
      }),
    );
  });

  it.each([10, 1_000, 10_000, 1_000_000])("costs a few questions among %d", async (count) => {
    const { revision, asked } = await search(names(Array.from({ length: count }, (_, index) => index)), 0);
    expect(revision).toBe(count);
    expect(asked.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(count)) + 2);
    expect(new Set(asked).size).toBe(asked.length);
  });
});

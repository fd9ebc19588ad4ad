import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearestTags, nextPageOf, sortTags } from "../../src/registry/tags.ts";

const anyTag = fc.stringMatching(/^\w[\w.-]{0,12}$/);

describe("tags", () => {
  test("are sorted as versions", () => {
    const sorted = ["2.9", "3", "3-slim", "3.9", "3.9.1", "3.10", "3.10-slim", "3.010", "latest", "py3.9", "py3.12"];
    expect(sortTags([...sorted, "3.9"].toReversed())).toEqual([
      "2.9",
      "3",
      "3-slim",
      "3.9",
      "3.9.1",
      "3.010",
      "3.10",
      "3.10-slim",
      "latest",
      "py3.9",
      "py3.12",
    ]);
  });

  test("are sorted the same from any order, and none is lost", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyTag), (tags) => {
        const sorted = sortTags(tags);
        expect(sortTags(tags.toReversed())).toEqual(sorted);
        expect(new Set(sorted)).toEqual(new Set(tags));
      }),
    );
  });

  test.each([
    ["3.12-slim-bookwrm", ["3.12-slim-bookworm", "3.12-slim", "3.12"]],
    ["3.13", ["3.12", "3.11", "3.12-slim"]],
    ["py3.12", ["py3.11-v2", "3.12", "3.11"]],
  ])("near %s are found", (wanted, expected) => {
    const tags = sortTags(["3.11", "3.12", "3.12-slim", "3.12-slim-bookworm", "latest", "py3.11-v2"]);
    expect(nearestTags(wanted, tags, 3)).toEqual(expected);
  });

  test("near one that is there begin with it", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyTag, { minLength: 1 }), fc.nat({ max: 20 }), (tags, count) => {
        const [wanted = ""] = tags;
        const nearest = nearestTags(wanted, sortTags(tags), count);
        expect(nearest).toHaveLength(Math.min(count, tags.length));
        if (count > 0) expect(nearest[0]).toBe(wanted);
      }),
    );
  });

  test("near one of 10,000 long ones are found in a moment", () => {
    const tags = Array.from({ length: 10_000 }, (_, number) => `${"a".repeat(120)}-${number}`);
    const started = performance.now();
    expect(nearestTags(`${"a".repeat(120)}-77777`, tags, 5)).toHaveLength(5);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("the next page", () => {
  test.each([
    ["distribution", '</v2/acme/base/tags/list?last=a&n=2>; rel="next"', "?last=a&n=2"],
    ["an absolute address", '<https://internal:5000/v2/acme/base/tags/list?last=a>; rel="next"', "?last=a"],
    ["without quotes", "</v2/acme/base/tags/list?last=a>; rel=next", "?last=a"],
    ["after another relation", '</x?a>; rel="prev", </v2/x/tags/list?last=b>; rel="next"', "?last=b"],
    ["another relation", '</x?a>; rel="prev"', undefined],
    ["no query", '</x>; rel="next"', undefined],
    ["nothing", undefined, undefined],
  ])("of %s", (_name, link, expected) => {
    expect(nextPageOf(link)).toBe(expected);
  });
});

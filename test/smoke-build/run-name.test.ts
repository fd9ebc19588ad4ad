import fc from "fast-check";
import { expect, test } from "vitest";
import { nameRun, runPrefix } from "../../src/smoke-build/run-name.ts";

test("a run's name is a DNS label of at most 30 characters, whoever owns it", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (owner, chances) => {
        const name = nameRun(owner, () => chances.next().value);
        expect(name).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
        expect(name.length).toBeLessThanOrEqual(30);
        expect(name.startsWith(runPrefix(owner))).toBe(true);
      },
    ),
  );
});

test("owners have prefixes of their own", () => {
  expect(runPrefix("prod-us/union/dataplane")).not.toBe(runPrefix("prod-eu/union/dataplane"));
  expect(runPrefix("prod-us/union/dataplane")).toBe(runPrefix("prod-us/union/dataplane"));
});

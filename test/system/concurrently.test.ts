import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { mapConcurrently } from "../../src/system/concurrently.ts";

it("gives the results in the order of the items, with no more at the same time than allowed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), async (turns, atOnce) => {
      let running = 0;
      let most = 0;
      const results = await mapConcurrently(turns, atOnce, async (count) => {
        most = Math.max(most, ++running);
        for (let left = count; left >= 0; left--) await turn();
        running--;
        return count * 2;
      });
      expect(results).toEqual(turns.map((count) => count * 2));
      expect(most).toBe(Math.min(atOnce, turns.length));
    }),
    { numRuns: 50 },
  );
});

it("fails as the first item that fails", async () => {
  const failing = mapConcurrently([1, 2, 3], 2, async (item) => {
    if (item === 2) throw new Error("no 2");
    return item;
  });
  await expect(failing).rejects.toThrow("no 2");
});

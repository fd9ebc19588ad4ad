import { dirname, join } from "node:path";
import { expect, inject, test } from "vitest";
import { chosenSeed, compareWithSdk } from "../../testing/conformance/comparison.ts";

test("the SDK's own serializer makes our spec of the rendered Python file, of 250 random settings", async () => {
  const seed = chosenSeed();
  const { cases, unequal } = await compareWithSdk(join(dirname(inject("flyteCommand")), "python"), 250, seed);
  expect(cases).toBe(250);
  expect(unequal.slice(0, 3), `CONFORMANCE_SEED=${seed}: ${unequal.length} differ, the first of them`).toEqual([]);
});

import { expect, it } from "vitest";
import { createTurns } from "../../src/system/turns.ts";

it("runs one after the other, and goes on after one that fails", async () => {
  const inTurn = createTurns();
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} starts`);
    await Promise.resolve();
    events.push(`${name} ends`);
    if (name === "b") throw new Error("b failed");
    return name;
  };
  const all = await Promise.allSettled(["a", "b", "c"].map((name) => inTurn(work(name))));
  expect(events).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
  expect(all.map((one) => (one.status === "fulfilled" ? one.value : one.reason.message))).toEqual([
    "a",
    "b failed",
    "c",
  ]);
});

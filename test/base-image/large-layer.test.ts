import { expect, it } from "vitest";
import { type LargeImagePlace, runLargeImage } from "../../testing/base-image/run-large-image.ts";

const megabyte = 1_000_000;
const size = 200 * megabyte;

it.each<[LargeImagePlace, string, number]>([
  ["config", "found", 0],
  ["below", "found", 1_000],
])("a large layer is not read if the Python is in %s", async (place, verdict, most) => {
  const report = await runLargeImage(place, size);
  expect(report.verdict).toBe(verdict);
  expect(report.bytesRead).toBeLessThanOrEqual(most);
});

// bench/base-image.ts has the real limit: here the memory of TypeScript's types is in it, and that of a busy machine.
it("a large layer is read in half of its size", async () => {
  const { memory } = await runLargeImage("config", 0);
  const report = await runLargeImage("inside", size);
  expect(report).toMatchObject({ verdict: "found", bytesRead: expect.toSatisfy((bytes) => bytes >= size) });
  expect(report.memory - memory).toBeLessThan(100);
});

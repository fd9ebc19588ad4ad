import { expect, test } from "vitest";
import { retryAfterMilliseconds } from "../../src/network/retry-after.ts";

const now = new Date("2026-03-04T05:06:07Z");

test.each([
  ["3", 3_000],
  ["0", 0],
  ["3600", 60_000],
  ["Wed, 04 Mar 2026 05:06:17 GMT", 10_000],
  ["Wed, 04 Mar 2026 05:05:00 GMT", 0],
  ["Thu, 05 Mar 2026 05:06:07 GMT", 60_000],
  ["-3", 0],
  ["soon", 0],
  ["", 0],
  [null, 0],
  [undefined, 0],
])("Retry-After %j is %i ms", (header, milliseconds) => {
  expect(retryAfterMilliseconds(header, now)).toBe(milliseconds);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { oneLine } from "../../src/network/one-line.ts";

test.each([
  ["as it is", "as it is"],
  [" \r\n two\n\t lines ", "two lines"],
  ["\u001b[31mred\u0007", "[31mred"],
  ["cut\u0000off\ufffd\ufffd", "cut off"],
  ["\u0000", ""],
  ["twelve characters", "twelve char…"],
  ["a word of 12", "a word of 12"],
  ["eleven words, of which", "eleven word…"],
  ["eleven cha s and more", "eleven cha…"],
  ["", ""],
])("%j in one line of 12 characters is %j", (text, line) => {
  expect(oneLine(text, 12)).toBe(line);
});

test("any text becomes one line that a terminal shows as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 20 }), (text, longest) => {
      const line = oneLine(text, longest);
      expect(line).toMatch(/^(?:[^\s\p{Cc}]|(?<=[^\s\p{Cc}]) (?=[^\s\p{Cc}]))*$/u);
      expect(line.length).toBeLessThanOrEqual(longest);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "../../src/system/parse-json.ts";

test("a JSON text becomes its value, with whitespace around it too", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(`\r\n ${text}\t`)).toEqual(JSON.parse(text));
    }),
  );
});

test.each(["", " ", "undefined", "{", "{} {}", "{'a': 1}", "[1,]", "NaN", "<html>", "\ufeff{}"])(
  "%j is none",
  (text) => {
    expect(parseJson(text)).toBeUndefined();
  },
);

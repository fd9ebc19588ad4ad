import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pythonLiteral } from "../../src/definition/python-literal.ts";
import type { Json } from "../../src/definition/template.ts";
import { hostileJson } from "../../testing/conformance/hostile-text.ts";
import { evaluated } from "./python.ts";

describe("a Python literal", () => {
  it.each([
    [null, "None"],
    [true, "True"],
    [false, "False"],
    ["", '""'],
    ["it's", `"it's"`],
    ['say "hi"', String.raw`"say \"hi\""`],
    ["a\\b", String.raw`"a\\b"`],
    ["a\nb\r\t\0", String.raw`"a\x0ab\x0d\x09\x00"`],
    ["é✓😀", String.raw`"\xe9\u2713\U0001f600"`],
    ["{{python x}}", '"{{python x}}"'],
    [5, "5"],
    [-0, "0"],
    [0.5, "0.5"],
    [[], "[]"],
    [["a", [1, null]], '["a", [1, None]]'],
    [{}, "{}"],
    [{ "a b": { c: true } }, '{"a b": {"c": True}}'],
    [{ a: undefined, b: 1 }, '{"b": 1}'],
  ] satisfies [Json, string][])("of %j", (value, literal) => {
    expect(pythonLiteral(value)).toBe(literal);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("there is none of %d", (value) => {
    expect(() => pythonLiteral([value])).toThrow(RangeError);
  });

  it("is what it was made from when Python reads it, and ASCII without a line break", () => {
    const batch = fc.array(hostileJson, { minLength: 1, maxLength: 300, size: "max" });
    fc.assert(
      fc.property(batch, (values) => {
        const written = values.map((value) => pythonLiteral(value as Json));
        for (const literal of written) expect(literal).toMatch(/^[\x20-\x7e]+$/);
        const read = evaluated(written);
        expect(read).toHaveLength(values.length);
        // As JSON text: minus zero is zero there, and a key such as __proto__ is a key like any other.
        expect(read.map((value) => JSON.stringify(value))).toEqual(values.map((value) => JSON.stringify(value)));
      }),
      { numRuns: 10 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText, hasByteOrderMark, readText } from "../../src/system/text-file.ts";

const withMark = (text: string, encoding: "utf8" | "utf16le") => Buffer.from(`\ufeff${text}`, encoding);

describe("the text of a file", () => {
  test("is what was written, without a byte order mark", () => {
    const text = fc.string({ unit: "grapheme" }).filter((each) => !/\0|^\ufeff/.test(each));
    fc.assert(
      fc.property(text, (written) => {
        expect(decodeText(Buffer.from(written))).toBe(written);
        expect(decodeText(withMark(written, "utf8"))).toBe(written);
      }),
    );
  });

  test.each([
    ["UTF-16 of Windows", withMark("a: b", "utf16le"), "the file is UTF-16 text, not UTF-8"],
    ["UTF-16 in the other byte order", withMark("a: b", "utf16le").swap16(), "the file is UTF-16 text, not UTF-8"],
    ["UTF-16 without a mark", Buffer.from("a: b", "utf16le"), "the file contains NUL bytes, so it is not UTF-8 text"],
    ["Latin-1", Buffer.from("grün", "latin1"), "the file is not UTF-8 text"],
    ["binary", Buffer.from("7f454c4602ff", "hex"), "the file is not UTF-8 text"],
  ])("is refused where the file is %s", (_, bytes, reason) => {
    expect(() => decodeText(bytes)).toThrow(reason);
    expect(() => readText("a", () => bytes)).toThrow(reason);
  });

  test("is known by its byte order mark", () => {
    expect(hasByteOrderMark(withMark("", "utf8"))).toBe(true);
    for (const bytes of [Buffer.from(""), Buffer.from("ab"), Buffer.from("efbb", "hex")]) {
      expect(hasByteOrderMark(bytes)).toBe(false);
    }
  });
});

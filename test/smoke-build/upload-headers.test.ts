import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeHeaders } from "../../src/smoke-build/upload-spec.ts";

const headers = fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,6}$/), fc.string());

test("headers are merged without regard to their case, and the later source counts", () => {
  expect(mergeHeaders({ "content-md5": "a", "X-Amz-Meta": "m" }, { "Content-MD5": "b" })).toEqual({
    "Content-MD5": "b",
    "X-Amz-Meta": "m",
  });
});

test("no header comes twice, and none is lost", () => {
  fc.assert(
    fc.property(headers, headers, (first, second) => {
      const names = Object.keys(mergeHeaders(first, second)).map((name) => name.toLowerCase());
      expect(new Set(names).size).toBe(names.length);
      expect(new Set(names)).toEqual(
        new Set([...Object.keys(first), ...Object.keys(second)].map((name) => name.toLowerCase())),
      );
    }),
  );
});

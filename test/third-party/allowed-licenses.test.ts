import { expect, test } from "vitest";
import { refusedLicenses } from "../../tools/third-party/allowed-licenses.ts";

test.each([
  ["MIT", []],
  ["(Apache-2.0 AND BSD-3-Clause)", []],
  ["GPL-3.0-only", ["GPL-3.0-only"]],
  ["(MIT OR GPL-2.0-or-later)", ["GPL-2.0-or-later"]],
  ["MIT AND (CC-BY-NC-4.0 OR ISC)", ["CC-BY-NC-4.0"]],
  ["SEE LICENSE IN file", ["SEE", "LICENSE", "IN", "file"]],
  ["UNLICENSED", ["UNLICENSED"]],
  ["", [""]],
])("of %j, refused are %j", (expression, refused) => {
  expect(refusedLicenses(expression)).toEqual(refused);
});

import fc from "fast-check";
import { hostileText } from "./hostile-text.ts";

// Values of single settings, as wide as the schema of each takes them.

/** Text that YAML, Python or JavaScript could take for something else. */
const misread = fc.constantFrom(
  "yes",
  "null",
  "~",
  "1e3",
  "0o7",
  "2026-01-01",
  "- a",
  "a: b",
  "<<",
  "&a",
  "*a",
  "!!str",
  "|",
  ">",
  " a ",
  "__proto__",
  "constructor",
  "7",
  "None",
  "self",
  "auto",
  "\uE000",
  "\uE0000\uE000",
  "{{.inputs.spec}}",
);

export const text: fc.Arbitrary<string> = fc.oneof(
  hostileText.map((value) => value.replaceAll("\0", "").toWellFormed()),
  misread,
);

export const nonEmptyText: fc.Arbitrary<string> = text.map((value) => value || " ");

/** References as people write them, and whatever else the schema takes for one. */
export const imageReference: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-z0-9]{1,8}(\.[a-z]{2,5}){0,2}(:\d{1,5})?(\/[a-z0-9]{1,8}([._-][a-z0-9]{1,4})?){1,3}$/),
  fc.stringMatching(/^[a-z0-9]{1,8}(\/[a-z0-9]{1,8}){0,2}:[A-Za-z0-9_][A-Za-z0-9._-]{0,12}$/),
  fc.stringMatching(/^[a-z0-9]{1,8}(:\d{1,5})?\/[a-z0-9]{1,8}(:[A-Za-z0-9_]{1,8})?@sha256:[a-f0-9]{64}$/),
  fc.stringMatching(/^[a-z0-9][A-Za-z0-9._:@-]{0,20}(\/[A-Za-z0-9._:@-]{1,10}){0,3}[A-Za-z0-9._-]$/),
);

export const objectName: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?$/),
  fc.constantFrom("a".repeat(253), "true", "1e3", "0"),
);

export const identifier: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?$/);

export const appVersion: fc.Arbitrary<string> = fc
  .oneof(
    fc.stringMatching(/^\d{4}\.\d{1,2}\.\d{1,2}$/),
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,30}\d[A-Za-z0-9._-]{0,20}$/),
  )
  .map((version) => version.replace(/-r\d+$/, "1"));

/** Every spelling of a quantity, numbers among them. */
export const quantity: fc.Arbitrary<string | number> = fc.oneof(
  fc.constantFrom("1", "500m", "4Gi", "0.5", ".5", "2.", "+1", "-1", "1e3", "1E-3", "100u", "3n", "12k", "1Pi", "2E"),
  fc.stringMatching(/^[+-]?(\d{1,20}\.?\d{0,9}|\.\d{1,9})([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d{1,2})?$/),
  fc.constantFrom(2, 0.5, 0, 1e21, 1e-7, 0.1 + 0.2),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

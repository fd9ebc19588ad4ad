import fc from "fast-check";

/** What could end a Python string, begin another statement or mean something to a template. */
const dangerous = [
  ...['"', "'", '"""', "'''", "\\", "\\\\", '\\"', "\\N{BULLET}", "\\x41", "\\u0041", "\\", "\n", "\r", "\r\n", "\t"],
  ...[
    "\0",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\u202e",
    "\ud800",
    "\udc00",
    "é",
    "ÿ",
    "Ā",
    "✓",
    "😀",
    "\u{10ffff}",
  ],
  ...[
    "{",
    "}",
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{{python appVersion}}",
    "{{/if}}",
    "{{> x}}",
    "\\{{",
    "{%",
    "$\u007bx}",
    "%s",
    "#",
  ],
  ...[
    '")',
    '"]',
    '"}',
    '", "',
    '" + __import__("os").system("id") + "',
    "\n__import__('os')\n",
    '"\n)\nx = 1\n#',
    ";",
    ",",
  ],
  ...["None", "True", "1", "a"],
];

/** Text that tries to become code. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...dangerous), maxLength: 6 }),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** Any JSON value, with such text in it and as its keys. */
export const hostileJson: fc.Arbitrary<fc.JsonValue> = fc.letrec<{ json: fc.JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    hostileText,
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(hostileText, fc.constantFrom("__proto__", "constructor", "7")), tie("json"), { maxKeys: 4 }),
  ),
})).json;

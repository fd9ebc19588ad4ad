import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pythonLiteral } from "../../src/definition/python-literal.ts";
import { createRedactor } from "../../src/report/redaction.ts";

function redacting(...secrets: string[]) {
  const redactor = createRedactor((text) => pythonLiteral(text).slice(1, -1));
  secrets.forEach(redactor.protect);
  return redactor.redact;
}

describe("the redactor", () => {
  it.each([
    { secrets: ["s3cr3t"], text: "token s3cr3t and s3cr3t", shown: "token [redacted] and [redacted]" },
    { secrets: ["abcd", "abcdefgh"], text: "abcdefgh abcd", shown: "[redacted] [redacted]" },
    { secrets: ["abcdef", "defghi"], text: "abcdefghi", shown: "[redacted]" },
    { secrets: ["abab"], text: "<ababab>", shown: "<[redacted]>" },
    { secrets: ['quo"te\\d'], text: JSON.stringify({ a: 'quo"te\\d' }), shown: '{"a":"[redacted]"}' },
    { secrets: ['quo"té'], text: String.raw`value="quo\"t\xe9"`, shown: 'value="[redacted]"' },
    { secrets: ["first line\nsecond line"], text: "  first line\n  second line", shown: "  [redacted]\n  [redacted]" },
    { secrets: ["a/b c&d"], text: "a%2Fb%20c%26d a%2fb+c%26d a/b%20c%26d", shown: "[redacted] [redacted] [redacted]" },
    { secrets: [`a/b<"'&d`], text: "a/b&lt;&#34;&#39;&amp;d", shown: "[redacted]" },
    { secrets: [`a/b<"'&d`], text: "a&#x2F;b&lt;&quot;&#39;&amp;d", shown: "[redacted]" },
    { secrets: ["a/b<&d"], text: "a&#47;b&lt;&amp;d", shown: "[redacted]" },
    { secrets: ["half \ud800"], text: "half \ud800", shown: "[redacted]" },
    { secrets: ["s3cr3t-value"], text: "it was s3cr3t…", shown: "it was [redacted]…" },
    { secrets: ["s3cr3t-value"], text: "(s3cr3t …): of …-value", shown: "([redacted] …): of …[redacted]" },
    { secrets: ["s3cr3t-value"], text: "s3cr, no …alue, … s3c", shown: "s3cr, no …[redacted], … s3c" },
    { secrets: ["s3cr3t-value"], text: "ends with s3cr3t", shown: "ends with s3cr3t" },
    { secrets: ["abc", ""], text: "abc stays: too short to be a secret", shown: "abc stays: too short to be a secret" },
  ])("shows $text as $shown", ({ secrets, text, shown }) => {
    expect(redacting(...secrets)(text)).toBe(shown);
  });

  it("takes secrets out of texts that hold JSON, before they become part of JSON themselves", () => {
    const secret = 'quo"te\\d';
    const redactor = createRedactor((text) => pythonLiteral(text).slice(1, -1));
    redactor.protect(secret);
    const value = { why: `stored: ${JSON.stringify([secret])}`, list: [secret, 1, null, true], absent: undefined };
    const shown = redactor.redactAll(value);
    expect(shown).toEqual({ why: 'stored: ["[redacted]"]', list: ["[redacted]", 1, null, true], absent: undefined });
  });

  it("takes time and memory by the text and the secrets, and not by both at once", () => {
    const redact = redacting(
      ...Array.from({ length: 1_000 }, (_, index) => "a".repeat(4 + index)),
      `${"a".repeat(999)}b`,
    );
    const before = process.cpuUsage();
    expect(redact(`<${"a".repeat(1_000_000)}>…`)).toBe("<[redacted]>…");
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
  });

  it("leaves nothing of any secret, however they overlap, and all of the rest", () => {
    const secret = fc.string({ minLength: 4, maxLength: 12, unit: fc.constantFrom("a", "b", "c") });
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.array(secret), (secrets, parts) => {
        const shown = redacting(...secrets)(`<${parts.join("|")}>`).replaceAll("[redacted]", "#");
        for (const one of secrets) expect(shown).not.toContain(one);
        expect(shown.startsWith("<")).toBe(true);
        expect(shown.endsWith(">")).toBe(true);
      }),
    );
  });

  it("leaves no character that a secret covers, where secrets lie within each other or share a part", () => {
    const letters = fc.string({ minLength: 4, maxLength: 24, unit: fc.constantFrom(..."abcdefgh") });
    const slice = fc.tuple(fc.nat(20), fc.integer({ min: 4, max: 12 }));
    fc.assert(
      fc.property(letters, fc.array(slice, { minLength: 1, maxLength: 5 }), (text, slices) => {
        const secrets = slices
          .map(([start, length]) => text.slice(start, start + length))
          .filter((secret) => secret.length >= 4);
        const isCovered = Array.from(text, (_, index) =>
          secrets.some((secret) => {
            const places = Array.from({ length: secret.length }, (_unused, offset) => index - offset);
            return places.some((start) => start >= 0 && text.startsWith(secret, start));
          }),
        );
        const expected = Array.from(text, (letter, index) => (isCovered[index] ? "#" : letter)).join("");
        const shown = redacting(...secrets)(text).replaceAll("[redacted]", "#");
        // Two that only touch may be taken out as two or as one.
        expect(shown.replaceAll(/#+/g, "#")).toBe(expected.replaceAll(/#+/g, "#"));
      }),
      { numRuns: 500 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  appVersion,
  duration,
  identifier,
  imageReference,
  longestVersion,
  nonEmptyText,
  objectName,
  text,
} from "../../src/settings/field-types.ts";

interface Field {
  safeParse(value: unknown): { error?: { issues: readonly { message: string }[] } | undefined };
}

/** The sentence with which a field refuses a value; nothing where it takes it. */
function refusal(field: Field, value: string): string | undefined {
  return field.safeParse(value).error?.issues[0]?.message;
}

describe("appVersion", () => {
  it.each([
    "2026.3.4",
    "v2026.3.4",
    "2026.3.4-rc.1",
    "2026.10",
    "1",
    "nightly_20260304",
    "A1-b2",
    "2026.3.4-r",
    "2026.3.4-r1x",
    "2026.3.4-r1-beta",
    "1".repeat(56),
  ])("takes %s", (value) => {
    expect(appVersion.parse(value)).toBe(value);
  });

  const character = "has a character that image tags cannot have";
  const revision = "ends with -r and a number, which marks a further registration of an appVersion";
  it.each([
    ["", "is empty"],
    ["latest", "has no digit, so it is not a version (latest and the like cannot be compared)"],
    ["main", "has no digit, so it is not a version (latest and the like cannot be compared)"],
    ["1".repeat(300), "is longer than 56 characters"],
    ["1".repeat(57), "is longer than 56 characters"],
    [" 2026.3.4", character],
    ["2026.3.4\n", character],
    ["2026 3 4", character],
    ["-2026.3.4", character],
    [".1", character],
    ["2026.3.4+build", character],
    ["2026/3", character],
    ["2026:3", character],
    ["２０２６", character],
    ["2026.3.4-r1", revision],
    ["2026.3.4-r0", revision],
    ["2026.3.4-r10", revision],
  ])("refuses %j", (value, sentence) => {
    expect(refusal(appVersion, value)).toBe(sentence);
  });

  it.each([..."'\"`$();&|<>*?!{}[]~#%^\\\n\t\0"])("refuses the shell's %j", (character) => {
    expect(appVersion.safeParse(`2026.3.4${character}`).success).toBe(false);
    expect(appVersion.safeParse(`${character}2026.3.4`).success).toBe(false);
  });

  it("takes only what is an image tag, and the version of a task together with a revision", () => {
    const values = fc.oneof(fc.string(), fc.stringMatching(/^[\w.-]+$/), fc.stringMatching(/^[\w.-]{50,60}$/));
    let taken = 0;
    fc.assert(
      fc.property(values, (value) => {
        if (!appVersion.safeParse(value).success) return;
        taken++;
        expect(value).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
        // max_len of flyteidl2.task.TaskIdentifier.version
        expect(`${value}-r99999`.length).toBeLessThanOrEqual(63);
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(20);
    expect(longestVersion).toBe(63);
  });
});

describe("duration", () => {
  it.each([
    ["1s", 1_000],
    ["90s", 90_000],
    ["4m", 240_000],
    ["10m", 600_000],
    ["1m30s", 90_000],
    ["1h", 3_600_000],
    ["1h2m3s", 3_723_000],
    ["24h", 86_400_000],
    ["0h90s", 90_000],
  ])("reads %s", (text, milliseconds) => {
    expect(duration.parse(text)).toBe(milliseconds);
  });

  it.each(["", "s", "90", "1.5m", "-1s", "1m 30s", "30s1m", "1d", "90S", "1e3s", "90s\n"])("refuses %j", (text) => {
    expect(refusal(duration, text)).toBe("is not a duration such as 90s, 4m or 1m30s");
  });

  it.each(["0s", "0h0m0s", "25h", "24h1s", `${"9".repeat(400)}h`])("is out of bounds: %s", (text) => {
    expect(refusal(duration, text)).toBe("is not between 1s and 24h");
  });
});

describe("image reference", () => {
  it.each([
    "registry.example.com/union",
    "registry.example.com:5000/union/build-image:2026.3.4",
    `registry.example.com/build-image@sha256:${"0".repeat(64)}`,
    "localhost:5000/a",
    "a",
  ])("takes %s", (value) => {
    expect(imageReference.parse(value)).toBe(value);
  });

  it.each([
    ["", "is empty"],
    ["a".repeat(513), "is longer than 512 characters"],
    ["https://registry.example.com/a", "has an empty part"],
    ["Registry.example.com/a", "does not begin with a lower-case letter or a digit (no scheme)"],
    ["/a", "does not begin with a lower-case letter or a digit (no scheme)"],
    ["a b", "has a character that image references cannot have"],
    ["a\nb", "has a character that image references cannot have"],
    ['a"+x+"', "has a character that image references cannot have"],
    ["a//b", "has an empty part"],
    ["a/", "has an empty part"],
    ["a:", "has an empty part"],
    ["a@", "has an empty part"],
  ])("refuses %j", (value, sentence) => {
    expect(refusal(imageReference, value)).toBe(sentence);
  });
});

describe("names", () => {
  const fields = { objectName, identifier, text, nonEmptyText };

  it.each([
    ["objectName", "build-image-config", undefined],
    ["objectName", "a.b-1", undefined],
    ["objectName", "a".repeat(253), undefined],
    ["objectName", "a".repeat(254), "is longer than 253 characters"],
    ["objectName", "Build", "is not a Kubernetes object name (lower-case letters, digits, - and .)"],
    ["objectName", "a_b", "is not a Kubernetes object name (lower-case letters, digits, - and .)"],
    ["objectName", "-a", "is not a Kubernetes object name (lower-case letters, digits, - and .)"],
    ["objectName", "a\n", "is not a Kubernetes object name (lower-case letters, digits, - and .)"],
    ["identifier", "system", undefined],
    ["identifier", "My_org.1-a", undefined],
    ["identifier", "a".repeat(64), "is longer than 63 characters"],
    ["identifier", "a/b", "is not an identifier"],
    ["identifier", "a b", "is not an identifier"],
    ["identifier", ".", "is not an identifier"],
    ["identifier", "", "is empty"],
    ["text", "", undefined],
    ["text", "any\ntext ✓ 😀 {{x}}", undefined],
    ["text", "a\0b", "contains a NUL character"],
    ["text", "a\ud800b", "is not well-formed Unicode"],
    ["nonEmptyText", "", "is empty"],
  ] as const)("%s of %j: %s", (name, value, sentence) => {
    expect(refusal(fields[name], value)).toBe(sentence);
  });
});

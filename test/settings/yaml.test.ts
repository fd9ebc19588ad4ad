import { describe, expect, it } from "vitest";
import { parseYaml } from "../../src/settings/yaml.ts";

describe("YAML", () => {
  it.each([
    ["an unknown escape", '"\\q"', /escape.* at line 1, column 2$/i],
    ["a directive of no known version", "%YAML 9.9\n---\na", /directive.* at line 1, column 7$/i],
    ["a tag that JSON has no value for", "!!binary AAAA", /tag.* at line 1, column 1$/i],
    ["two equal keys", "a: 1\nb: 1\na: 2", /unique.* at line 3, column 1$/i],
    ["two equal keys further inside", "a: 1\nb: {c: 1, c: 2}", /unique.* at line 2, column 11$/i],
    ["an alias inside what it names", "a: &a [*a]", /alias/],
    ["more aliases than a person writes", `a: &a [1]\nb: [${Array(25).fill("*a").join(", ")}]`, /alias/],
  ])("of our own files is refused with %s", (_name, text, sentence) => {
    expect(() => parseYaml(text)).toThrow(sentence);
  });

  it("may use an anchor several times", () => {
    expect(parseYaml("a: &a [1]\nb: [*a, *a, *a]")).toEqual({ a: [1], b: [[1], [1], [1]] });
  });

  it("is read as Python reads it only where that is asked for", () => {
    const text = "a: yes\nb: 1\nb: 2";
    expect(() => parseYaml(text)).toThrow();
    expect(parseYaml(text, "python")).toEqual({ a: true, b: 2 });
    expect(parseYaml("a: yes")).toEqual({ a: "yes" });
  });

  it("takes no time by thousands of keys, or by depth", () => {
    const before = process.cpuUsage();
    const keys = Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`).join("\n");
    expect(Object.keys(parseYaml(keys) as object)).toHaveLength(20_000);
    expect(() => parseYaml("[".repeat(20_000))).toThrow();
    expect(() => parseYaml(`${"{a: ".repeat(5_000)}1${"}".repeat(5_000)}`)).toThrow();
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_500);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalog } from "../../src/findings/catalog/catalog.ts";
import { errorPage, writtenTexts } from "../../tools/error-page.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/errors.md"), "utf8");
const texts = writtenTexts(page);

describe.each(Object.keys(catalog))("code %s", (code) => {
  it("has its heading, and a text that says what it means, where it comes from, how to confirm and how to fix it", () => {
    expect(page.split(`\n## ${code}\n`)).toHaveLength(2);
    const labels = texts.get(code)?.match(/(?<=^- \*\*)[^*]+(?=\*\* \S)/gm);
    expect(labels).toEqual(["Means", "Comes from", "Confirm", "Fix"]);
  });
});

describe("docs/errors.md", () => {
  it("has no heading without a code", () => {
    expect([...texts.keys()].filter((code) => !Object.hasOwn(catalog, code))).toEqual([]);
  });

  it("says what the code says", () => {
    expect(errorPage(page)).toBe(page);
  });

  it("keeps what is written manually when the code changes", () => {
    const other = page.replace("| says | &lt;endpoint> refuses", "| says | nobody refuses");
    expect(errorPage(other)).toBe(page);
  });
});

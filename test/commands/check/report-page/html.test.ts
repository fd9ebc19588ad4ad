import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html } from "../../../../src/commands/check/support-bundle/report-page/html.ts";
import { shortened, visibleText } from "../../../../src/commands/check/support-bundle/report-page/visible-text.ts";

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom("<", ">", "&", '"', "'", "`", "</style>", "<script>", "-->", "\0", "\u001b", "\r", "\n", "\u202e"),
    fc.constantFrom("\u2066", "\u200b", "\ufeff", "\u2028", "\ud800", "\u{e0041}", "&amp;"),
    fc.string({ unit: "binary" }),
  ),
});

describe("markup", () => {
  it("keeps every text a text, in content and in attributes, and every character of it visible", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { markup } = html`<p title="${text}">${[text, 5, undefined]}</p>`;
        const [, title = "", content = "", ...more] = /^<p title="([^"<>]*)">([^<>]*)5<\/p>$/s.exec(markup) ?? [];
        expect(more).toEqual([]);
        expect(title).toBe(content);
        expect(content).not.toMatch(/[^\P{C}\n\t]|[\u2028\u2029]/u);
        expect(decoded(content)).toBe(visibleText(text));
      }),
    );
  });

  it("keeps markup of its own, and refuses what only looks like it", () => {
    expect(html`<ul>${[html`<li>${"<"}</li>`]}</ul>`.markup).toBe("<ul><li>&lt;</li></ul>");
    const forged: { markup: string } = JSON.parse('{"markup": "<script>"}');
    expect(() => html`<p>${forged}</p>`).toThrow("markup is made by html alone");
  });
});

describe("text", () => {
  it.each([
    ["a\r\nb\tc", "a\nb\tc"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["\u001b[31m", "\\u001b[31m"],
    ["\u{e0041}", "\\u{e0041}"],
    ["\ud800", "\\ud800"],
    ["\u3164\u2800\u034f\ufe0f", "\\u3164\\u2800\\u034f\\ufe0f"],
    ["Grüße 你好 שלום", "Grüße 你好 שלום"],
  ])("%j is shown as %j", (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it("is cut where it is too long, which shows", () => {
    expect(shortened("abcdef", 4)).toBe("abcd … (2 more characters)");
    expect(shortened("abcd", 4)).toBe("abcd");
  });
});

function decoded(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => characters[name] ?? "");
}

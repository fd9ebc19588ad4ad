import fc from "fast-check";
import { expect, test } from "vitest";
import { titleOf } from "../../src/network/page-title.ts";

test.each<[html: string, title: string | undefined]>([
  ["<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"],
  ["<TITLE>Sign In</TITLE>", "Sign In"],
  ['<title data-react-helmet="true" lang="en">Log in</title>', "Log in"],
  ["<title>\r\n  ERROR:\tThe requested\n URL </title>", "ERROR: The requested URL"],
  ["<title>Attention Required! &#124; Cloudflare</title>", "Attention Required! &#124; Cloudflare"],
  ["<title>\u001b[31mred\u0007</title>", "[31mred"],
  ["<title>cut off", "cut off"],
  ["<title>first</title><title>second</title>", "first"],
  [`<title>${"x".repeat(500)}</title>`, `${"x".repeat(119)}…`],
  ["<title></title>", undefined],
  ["<title> \n </title>", undefined],
  ["<titles>no</titles>", undefined],
  ["RBAC: access denied", undefined],
  ["", undefined],
])("the title of %j is %j", (html, title) => {
  expect(titleOf(html)).toBe(title);
});

test("a title is one line of at most 120 characters, and any text is searched in no time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const title = titleOf(`<title>${text}</title>`);
      expect(title ?? "x").toMatch(/^[^\p{Cc}]{1,240}$/u);
      expect([...(title ?? "")].length).toBeLessThanOrEqual(120);
    }),
  );
  const started = performance.now();
  titleOf("<title ".repeat(150_000));
  expect(performance.now() - started).toBeLessThan(1_000);
});

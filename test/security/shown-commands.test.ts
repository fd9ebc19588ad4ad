import { describe, expect, it } from "vitest";
import { type Code, catalog } from "../../src/findings/catalog/catalog.ts";
import type { CodeEntry } from "../../src/findings/catalog/code-entry.ts";
import { describe as describeFor } from "../../src/findings/finding.ts";
import { anyone, readerOf } from "../../src/findings/reader.ts";
import { anyChart, argumentsOf } from "../../testing/findings/any-arguments.ts";

/** What a shell acts on, as the host of a URL may have it. */
const strange = "$(x)`y`;z&w'v{u,t}";

/** As names are, and where a URL has a host. */
const words = [`${strange}.example`, `https://${strange}.example`, `https://${strange}.example:8443`];

/** On a workstation, and in a pod of the chart, where the tools run by kubectl. */
const readers = [readerOf(anyone), readerOf({ ...anyone, chart: anyChart, isCheck: true })];

/** What a shell would act on: all but what stands in single quotes. */
const unquoted = (text: string) => text.replace(/'[^']*'|\\./g, "");

const codes = Object.keys(catalog) as Code[];

/** The texts of a code of which some arguments, with the names that are chosen, are a stranger's. */
function textsOf(code: Code, isStrange: (name: string) => boolean) {
  const entry = catalog[code] as unknown as CodeEntry<object>;
  return words.flatMap((word) =>
    readers.map((reader) => {
      const asked: Record<string, string> = {};
      const anything = argumentsOf((name) => {
        asked[name] = isStrange(name) ? word : `<${name}>`;
        return asked[name];
      });
      for (const text of [entry.what, entry.fix, entry.next]) text(anything, reader);
      return describeFor({ code, severity: "error", args: { ...asked, ...anything }, why: "" }, reader, "");
    }),
  );
}

describe("a stranger's words", () => {
  it("can be the host of a URL with all that a shell acts on", () => {
    expect(URL.parse(`https://${strange}.example/`)?.hostname).toBe(`${strange}.example`);
  });

  it.each(codes)("reach no shell by the command that %s names", (code) => {
    for (const { next } of textsOf(code, () => true)) expect(unquoted(next)).not.toMatch(/\$\(x\)|`y`|;z|&w|\{u,t\}/);
  });

  it.each(codes)("stand in quotes as a host in the fix of %s", (code) => {
    const isHost = (name: string) => /^(?:endpoint|host|address|proxy|index|realm|location|privateHost)$/.test(name);
    for (const { fix } of textsOf(code, isHost)) {
      const isKept = /index_url="[^"]*"/g;
      const sentence = fix.replaceAll(isKept, "").replaceAll(/(?<=\w)'s\b|(?<=s)' /g, "");
      expect(unquoted(sentence)).not.toMatch(/\$\(x\)|`y`|;z|&w|\{u,t\}/);
    }
  });
});

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Files whose words are checked; of TypeScript files, the comments and texts. */
const scope = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "Dockerfile",
  "docs/**/*.md",
  "examples/*.yaml",
  "Makefile",
  "chart/**/*.{yaml,tpl,md,txt}",
  "{src,tools,bench,testing,test}/**/*.ts",
];

/** A word of the text, and what to write instead. */
interface Word {
  pattern: RegExp;
  use: string;
}

const words: readonly Word[] = [
  { pattern: /\blog-ins?\b/gi, use: "login; to log in" },
  // The file look-up.ts keeps its name.
  { pattern: /\blook-ups?\b(?!\.)/gi, use: "lookup; to look up" },
  { pattern: /\btime-outs?\b/gi, use: "timeout" },
  { pattern: /\bwhite space\b/gi, use: "whitespace" },
  { pattern: /\bby hand\b/gi, use: "manually" },
  { pattern: /\btidings\b/gi, use: "report" },
  { pattern: /\bbeside\b/gi, use: "next to, in addition to" },
  { pattern: /\bcatalogues?\b/gi, use: "catalog" },
  // The address is in src/findings/public-index.ts alone.
  { pattern: /\bpypi\.org\b/gi, use: "PyPI" },
  { pattern: /\bdeb\.debian\.org\b/gi, use: "Debian's mirrors" },
  // Names stay: HTTP/2's `:authority`, a property `.authority`, `certificate-authority-data`, the build argument AUTHORITIES.
  { pattern: /(?<![\w:.$-])[Aa]uthorit(?:y|ies)\b(?!-)/g, use: "CA" },
  // Not as a part of a name (`release.cluster`, `--release-name`, `pre-release`, `$release`), a key (`release:`, or one of a
  // list: `release, controlPlane`), a quoted word or a command of gh.
  {
    pattern: /(?<!(?:Helm|GitHub)[\s*#/]+|\bgh )(?<![\w.$"'`-])releases?\b(?!["'`:_-]|\\?\.\w|, controlPlane)/gi,
    use: "appVersion for the platform's version, Helm release for the chart's installation",
  },
];

/** The words of a file that have a better one: `README.md:4: release (use …)`. */
function findings(file: string, content: string): string[] {
  const text = proseOf(file, content);
  return words.flatMap(({ pattern, use }) =>
    Array.from(text.matchAll(pattern), ({ 0: word, index }) => {
      const line = text.slice(0, index).split("\n").length;
      return `${file}:${line}: ${word} (use ${use})`;
    }),
  );
}

/** What people read: all of a document; of TypeScript, comments and texts without their expressions, at their places. */
function proseOf(file: string, content: string): string {
  if (!file.endsWith(".ts")) return content;
  const token = /\/\*[\s\S]*?\*\/|(?<!:)\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/g;
  let prose = "";
  for (const { 0: text, index } of content.matchAll(token)) {
    prose += blank(content.slice(prose.length, index)) + text.replaceAll(/\$\{[^}]*\}/g, blank);
  }
  return prose;
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}

test.each(scope)("%s names files", (pattern) => {
  expect(globSync(pattern, { cwd: root, exclude: ["**/node_modules/**", "test/structure/words.test.ts"] })).not.toEqual(
    [],
  );
});

test("files use the words of the field", () => {
  const files = scope.flatMap((pattern) =>
    globSync(pattern, { cwd: root, exclude: ["**/node_modules/**", "test/structure/words.test.ts"] }),
  );
  const found = files.flatMap((file) => findings(file, readFileSync(join(root, file), "utf8")));
  expect(found).toEqual([]);
});

test.each([
  "the log-in",
  "two look-ups",
  "a time-out",
  "white space",
  "made by hand",
  "good tidings",
  "beside a data plane",
  "the catalogue",
  "a private authority",
  "certificate authorities",
  "a newer release.",
  "Release of the task",
  "releases, and more",
])("%j is found", (text) => {
  expect(findings("a.md", text)).toHaveLength(1);
});

test.each([
  "login, lookup, timeout, whitespace, catalog",
  "src/registration/look-up.ts",
  "the :authority of a request, url.authority, certificate-authority-data, $AUTHORITIES",
  "the Helm release, Helm\n  # releases",
  "the GitHub release `v0.1.0`",
  "release.cluster, --release-name, release-moved-on, .Release.Name, $release, pre-releases, unreleased, released",
  'release: {cluster: prod-us}, the word "release"',
])("%j is not", (text) => {
  expect(findings("a.md", text)).toEqual([]);
});

test("of TypeScript, comments and texts are read", () => {
  const source = [
    "const release = authority; // this release",
    "/** The log-in. */",
    'say("by hand", "https://a/beside");',
    "`of $" + "{release} the time-out`;",
  ].join("\n");
  expect(findings("a.ts", source).map((line) => line.split(" (")[0])).toEqual([
    "a.ts:2: log-in",
    "a.ts:4: time-out",
    "a.ts:3: by hand",
    "a.ts:3: beside",
    "a.ts:1: release",
  ]);
});

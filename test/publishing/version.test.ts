import { globSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { newestChanges } from "../../tools/publishing/changelog.ts";
import { versionOf, withVersion } from "../../tools/publishing/version-mentions.ts";

const root = join(import.meta.dirname, "../..");
const textOf = (file: string) => readFileSync(join(root, file), "utf8");
const version = versionOf(root);

test("package, lock file, chart, image and changelog agree on the version", () => {
  const chart = parse(textOf("chart/Chart.yaml"));
  expect({
    lock: JSON.parse(textOf("package-lock.json")).version,
    chart: chart.version,
    appVersion: chart.appVersion,
    image: parse(textOf("chart/values.yaml")).image.tag,
    changelog: newestChanges(textOf("CHANGELOG.md")).version,
  }).toEqual({ lock: version, chart: version, appVersion: version, image: version, changelog: version });
});

test("documents and examples name the version of package.json", () => {
  const stale = [...withVersion(root)].filter(([file, text]) => text !== textOf(file)).map(([file]) => file);
  expect(stale).toEqual([]);
});

test("of documents and examples, nothing else names the version, so that the next one is in all of them", () => {
  const next = withVersion(root, "98.7.6");
  // The chart's templates are written into that one (tools/generate.ts).
  const files = globSync(["README.md", "SECURITY.md", "docs/**/*", "examples/*", "chart/*.{md,yaml}"], {
    cwd: root,
  }).filter((file) => extname(file) !== "" && file !== "examples/values.extra-objects.yaml");
  const left = files.flatMap((file) =>
    (next.get(file) ?? textOf(file))
      .split("\n")
      .flatMap((line) => (line.includes(version) ? [`${file}: ${line}`] : [])),
  );
  expect(files.length).toBeGreaterThan(15);
  expect(left).toEqual([]);
});

test.each([
  [
    "# Changelog\n\n## 1.2.0\n\n- One\n  change.\n- Another.\n\n## 1.1.0\n\n- Old.\n",
    "1.2.0",
    ["One change.", "Another."],
  ],
  ["## 2.0.0-rc.1\n- Only one", "2.0.0-rc.1", ["Only one"]],
  [
    "## 3.0.0\n\n### Register\n\n- One.\n- Two.\n\n### Chart\n\n- Three,\n  in two lines.\n",
    "3.0.0",
    ["One.", "Two.", "Three, in two lines."],
  ],
])("of %j, the newest changes are those of %s", (changelog, newest, entries) => {
  expect(newestChanges(changelog)).toMatchObject({ version: newest, entries });
});

test.each(["", "# Changelog\n", "## 1.0.0\n\nNothing.\n"])(
  "a changelog without changes is refused: %j",
  (changelog) => {
    expect(() => newestChanges(changelog)).toThrow("CHANGELOG.md does not begin");
  },
);

import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type ProjectName, projects } from "../../tools/test-projects.ts";

const root = join(import.meta.dirname, "../..");

/** What a project makes for its tests, by the words with which a module uses it. */
const uses = {
  "the bundled program": /\binject\("program"\)/,
  "the flyte CLI": /\b(inject\("flyteCommand"\)|throughFlyte\()/,
  "the checks of manifests": /"manifest-checks\.sh"/,
  Helm: /tools\/helm\.sh|env\[`HELM/,
  actionlint: /tools\/actionlint\.sh/,
  promtool: /\binject\("prometheus"\)/,
  "real registries": /\binject\("registr(ies|yTools)"\)/,
  buildkitd: /tools\/buildkit\.sh/,
  "real uv": /\binject\("uv"\)/,
  "the container images": /tools\/image\.sh/,
  "a browser": /\binject\("browser"\)/,
  "a cluster": /"(KUBECTL|REGISTRAR_TEST_ADDRESS)"/,
};
type Need = keyof typeof uses;

const made: Record<ProjectName, readonly Need[]> = {
  unit: [],
  program: ["the bundled program"],
  flyte: ["the bundled program", "the flyte CLI"],
  chart: ["the checks of manifests", "Helm"],
  publishing: ["Helm", "actionlint"],
  alerts: ["Helm", "promtool"],
  registry: ["the bundled program", "real registries"],
  buildkit: ["the bundled program", "the flyte CLI", "real registries", "buildkitd", "real uv"],
  uv: ["real uv"],
  image: ["the container images"],
  browser: ["the bundled program", "a browser"],
  cluster: ["a cluster", "Helm", "promtool"],
};

/** Most tests import it for the program alone; those that want the flyte CLI of it call `throughFlyte` themselves. */
const runProgram = "testing/program/run-program.ts";

/** A file and all that it imports of test/ and testing/, directly or not. */
function modulesOf(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file) || !/^test(ing)?\//.test(file)) return found;
  found.add(file);
  for (const [, specifier = ""] of textOf(file).matchAll(/(?:from |import\()"(\.[^"]+\.ts)"/g))
    modulesOf(join(dirname(file), specifier), found);
  return found;
}

function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

function needsOf(file: string): Need[] {
  const modules = [...modulesOf(file)];
  return (Object.keys(uses) as Need[]).filter((need) =>
    modules.some((module) => !(module === runProgram && need === "the flyte CLI") && uses[need].test(textOf(module))),
  );
}

const filesOf = (name: ProjectName) =>
  globSync([...projects[name].include], { cwd: root, exclude: [...projects[name].exclude] }).sort();

const names = Object.keys(projects) as ProjectName[];

test("every test file is in one project", () => {
  const inProjects = names.flatMap(filesOf).sort();
  expect(inProjects).toEqual(globSync("test/**/*.test.ts", { cwd: root }).sort());
});

test("every test file is in a project that makes what it needs", () => {
  const misplaced = names.flatMap((name) =>
    filesOf(name).flatMap((file) => {
      const missing = needsOf(file).filter((need) => !made[name].includes(need));
      return missing.map((need) => `${file} needs ${need}, so tools/test-projects.ts may not put it into ${name}`);
    }),
  );
  expect(misplaced).toEqual([]);
});

test.each([
  ["test/registration/plan.test.ts", []],
  ["test/program/check.test.ts", ["the bundled program"]],
  ["test/program/signals.test.ts", ["the bundled program", "the flyte CLI"]],
  ["test/chart/objects.test.ts", ["Helm"]],
  ["test/publishing/workflows.test.ts", ["actionlint"]],
  ["test/alerts/alerts.test.ts", ["Helm", "promtool"]],
  ["test/registry/real/replay.test.ts", ["real registries"]],
  ["test/buildkit/real/real-buildkit.test.ts", ["buildkitd"]],
  ["test/registry/real/mirror.test.ts", ["the bundled program", "real registries"]],
  ["test/uv/base-image.test.ts", ["real uv"]],
  ["test/image/image.test.ts", ["the container images"]],
  ["test/browser/report-page.test.ts", ["the bundled program", "a browser"]],
  ["test/cluster/lifecycle.test.ts", ["Helm", "a cluster"]],
])("what %s needs is found in what it imports", (file, needs) => {
  expect(needsOf(file)).toEqual(needs);
});

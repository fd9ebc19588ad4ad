import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");
const files = globSync(".github/workflows/*.yaml", { cwd: root }).sort();
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly concurrency: object;
  readonly jobs: Readonly<
    Record<string, { permissions?: object; "timeout-minutes"?: number; uses?: string; steps?: Step[] }>
  >;
}

test("actionlint finds no fault in the workflows", async () => {
  const { stdout: actionlint } = await execa(join(root, "tools/actionlint.sh"));
  const { stdout } = await execa(actionlint, files, { cwd: root, reject: false });
  expect(stdout).toBe("");
});

test("there are workflows for tests, dependencies and versions", () => {
  expect(files.map((file) => file.slice(".github/workflows/".length))).toEqual([
    "dependencies.yaml",
    "release.yaml",
    "test.yaml",
  ]);
});

test.each(files)("%s uses others' actions by the digest of a commit, and says its version", (file) => {
  const uses = [...textOf(file).matchAll(/\buses: (?!\.\/)(.*)$/gm)].map(([, action]) => action);
  expect(uses.filter((action) => !/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action ?? ""))).toEqual(
    [],
  );
});

test.each(files)("%s gives a job only the rights that it names, and no endless time", (file) => {
  const { permissions, concurrency, jobs }: Workflow = parse(textOf(file));
  expect(permissions).toEqual({});
  expect(concurrency).toBeDefined();
  for (const [name, job] of Object.entries(jobs)) {
    expect(job.permissions, name).toBeDefined();
    if (job.uses === undefined) expect(job["timeout-minutes"], name).toBeGreaterThan(0);
  }
});

test.each(files)("%s lets no expression into a script, and no credentials of git stay", (file) => {
  const { jobs }: Workflow = parse(textOf(file));
  for (const { run, uses, with: inputs } of Object.values(jobs).flatMap(({ steps = [] }) => steps)) {
    expect(run ?? "").not.toContain("${{");
    if (uses?.startsWith("actions/checkout@")) expect(inputs).toMatchObject({ "persist-credentials": false });
  }
});

test("only publishing may write, and only for a tag of a version", () => {
  const writing = files.filter((file) => /: write$/m.test(textOf(file)));
  expect(writing).toEqual([".github/workflows/release.yaml"]);
  expect(parse(textOf(".github/workflows/release.yaml")).on).toEqual({ push: { tags: ["v[0-9]+.[0-9]+.[0-9]+*"] } });
});

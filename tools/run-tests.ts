// `make test`. Without words: lint, then every test, those on a real cluster too. With words, which are Vitest's: only the
// tests that they choose, on a cluster where these need one. Ends with one line of all counts.
import { execa } from "execa";
import { createVitest, parseCLI } from "vitest/node";
import { type ProjectName, projects } from "../test/projects.ts";
import { type Counts, countLine, countsIn, sum } from "./counts.ts";

const oneFailure: Counts = { passed: 0, failed: 1, skipped: 0 };

const names = Object.keys(projects) as ProjectName[];
const words = process.argv.slice(2);
const total = sum(words.length === 0 ? await everything() : await chosen(words));
process.stdout.write(`${countLine(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function everything(): Promise<Counts[]> {
  const lint = await execa("make", ["--no-print-directory", "lint"], { stdio: "inherit", reject: false });
  return lint.failed ? [oneFailure] : await runProjects(names);
}

/** Runs tests by the words of Vitest's command line. */
async function chosen(given: readonly string[]): Promise<Counts[]> {
  try {
    const found = await projectsOf(given);
    if (found.length > 0) return await runProjects(found, withoutProjects(given));
    process.stderr.write(`No test file matches ${given.join(" ")}\n`);
  } catch (error) {
    // Vitest knows no such project, or no such flag.
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  }
  return [oneFailure];
}

/** The projects with test files that these words choose. */
async function projectsOf(given: readonly string[]): Promise<ProjectName[]> {
  const { filter, options } = parseCLI(["vitest", "run", ...given]);
  const vitest = await createVitest("test", { ...options, watch: false });
  const files = await vitest.globTestSpecifications(filter);
  await vitest.close();
  const found = new Set(files.map(({ project }) => project.name));
  return names.filter((name) => found.has(name));
}

function withoutProjects(given: readonly string[]): string[] {
  const isFlag = (word = "") => word === "-p" || word === "--project";
  return given.filter((word, index) => !isFlag(word) && !isFlag(given[index - 1]) && !word.startsWith("--project="));
}

/** Runs the tests of projects, of a cluster last: it has the machine for itself. */
async function runProjects(those: readonly ProjectName[], given: readonly string[] = []): Promise<Counts[]> {
  const here = those.filter((name) => name !== "cluster").flatMap((name) => ["--project", name]);
  return [
    ...(here.length > 0 ? [await run("vitest", ["run", ...here, ...given])] : []),
    ...(those.includes("cluster") ? [await run("node", ["tools/test-cluster.ts", ...given])] : []),
  ];
}

async function run(program: string, args: readonly string[]): Promise<Counts> {
  const { stdout, failed } = await execa(program, args, {
    stdin: "inherit",
    stdout: ["inherit", "pipe"],
    stderr: "inherit",
    reject: false,
    preferLocal: true,
  });
  const counts = countsIn(stdout);
  // A crash before the count is a failure that no test tells of.
  return failed && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

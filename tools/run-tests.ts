// `make test`. Without words: lint, then every test, those on a real cluster too, while what they need is made in the
// background where it is not cached. With words, which are Vitest's: only the tests that they choose, on a cluster where
// these need one. Ends with one line of all counts.
import { execa } from "execa";
import { createVitest, parseCLI } from "vitest/node";
import { missingForBrowser } from "../testing/browser/open-browser.ts";
import { missingForLab } from "../testing/buildkit/lab/lab.ts";
import { missingHere, targets } from "../testing/container/container.ts";
import { missingForCluster, unavailable } from "../testing/local-cluster/run-on-cluster.ts";
import { type Job, startInTurn } from "./background.ts";
import { type Counts, countLine, countsIn, sum } from "./counts.ts";
import { type ProjectName, projects } from "./test-projects.ts";

/** Jobs whose messages were printed. */
const told = new Set<Job>();
const oneFailure: Counts = { passed: 0, failed: 1, skipped: 0 };

const names = Object.keys(projects) as ProjectName[];
const words = process.argv.slice(2);
const total = sum(words.length === 0 ? await everything() : await chosen(words));
process.stdout.write(`${countLine(total)}\n`);
// It ends what still runs in the background.
process.exit(total.failed === 0 ? 0 : 1);

async function everything(): Promise<Counts[]> {
  const needs = await startMaking();
  const lint = await execa("make", ["--no-print-directory", "lint"], { stdio: "inherit", reject: false });
  if (lint.failed) return [oneFailure];

  const all: Counts[] = [];
  let left = names;
  for (let [next] = left; next !== undefined; [next] = left) {
    await wait(needs[next]);
    // One run of Vitest keeps all cores busy to its end; the first time, it is one after the other as they can run.
    const ready = left.filter((name) => needs[name].every(({ end }) => end));
    left = left.filter((name) => !ready.includes(name));
    for (const name of ready) await wait(needs[name]);
    const broken = ready.filter((name) => needs[name].some((job) => hasFailed(job, name)));
    all.push(...broken.map(() => oneFailure));
    all.push(...(await runProjects(ready.filter((name) => !broken.includes(name)))));
  }
  return all;
}

/**
 * Starts to make what takes minutes the first time: in one row what mostly downloads, in the other what compiles.
 * @returns what each project waits for
 */
async function startMaking(): Promise<Record<ProjectName, Job[]>> {
  const hasImages = missingHere() === undefined;
  const hasCluster = process.env["KUBECONFIG"] === undefined && (await missingForCluster()) === undefined;
  const hasLab = (await missingForLab()) === undefined;
  // Those that install Debian packages are in one row: two at the same time would lock each other out.
  const { uv, python, packages, debianRegistry, crds, browser, images } = startRow({
    uv: [["tools/uv.sh"]],
    python: [["tools/python-env.sh"]],
    packages: hasImages ? [["tools/debian-packages.sh"]] : [],
    debianRegistry: [["tools/docker-registry.sh"]],
    crds: hasCluster ? [["tools/crds.sh"]] : [],
    browser: missingForBrowser() === undefined ? [["tools/browser.sh"]] : [],
    images: hasImages ? targets.map((target) => ["tools/image.sh", target]) : [],
  });
  const { helm, manifestChecks, actionlint, prometheus, registryTools, buildkit, kubernetes, stateMetrics } = startRow({
    helm: [
      ["tools/helm.sh", "3"],
      ["tools/helm.sh", "4"],
    ],
    manifestChecks: [["tools/manifest-checks.sh"], ["tools/chart-testing.sh"]],
    actionlint: [["tools/actionlint.sh"]],
    prometheus: [["tools/prometheus.sh"]],
    registryTools: [["tools/registry-tools.sh"]],
    buildkit: hasLab ? [["tools/buildkit.sh"]] : [],
    kubernetes: hasCluster ? [["tools/kubernetes.sh"]] : [],
    stateMetrics: hasCluster ? [["tools/kube-state-metrics.sh"]] : [],
  });
  return {
    unit: [],
    program: [],
    flyte: python,
    chart: [...helm, ...manifestChecks],
    publishing: [...helm, ...actionlint],
    alerts: [...uv, ...helm, ...prometheus],
    registry: [...debianRegistry, ...registryTools],
    buildkit: [...uv, ...python, ...packages, ...debianRegistry, ...registryTools, ...buildkit],
    uv: [...uv, ...packages],
    image: images,
    browser,
    cluster: [...uv, ...helm, ...prometheus, ...kubernetes, ...stateMetrics, ...debianRegistry, ...crds, ...images],
  };
}

/** Starts commands one after the other. @returns their jobs, by the names that the commands are given under */
function startRow<Name extends string>(commands: Record<Name, readonly (readonly string[])[]>): Record<Name, Job[]> {
  const named = (Object.keys(commands) as Name[]).flatMap((name) =>
    commands[name].map((command) => ({ name, command })),
  );
  const jobs = startInTurn(named.map(({ command }) => command));
  const jobsOf = (name: Name) => jobs.filter((_, index) => named[index]?.name === name);
  return Object.fromEntries(Object.keys(commands).map((name) => [name, jobsOf(name as Name)])) as Record<Name, Job[]>;
}

/** Waits for jobs, and prints what they said meanwhile, one after the other. */
async function wait(jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) {
    if (!job.end) process.stderr.write(`Waiting for ${job.command}\n`);
    const { messages, seconds } = await job.ended;
    if (messages !== "" && !told.has(job))
      process.stderr.write(`${job.command}, ${Math.round(seconds)} s:\n${messages}`);
    told.add(job);
  }
}

/** Whether the tests of a project cannot run for it. The cluster suite says itself what this machine lacks. */
function hasFailed({ command, end }: Job, project: ProjectName): boolean {
  if (!end || end.exitCode === 0 || (project === "cluster" && end.exitCode === unavailable)) return false;
  process.stderr.write(`The tests of ${project} cannot run: ${command} ended with ${end.exitCode}\n`);
  return true;
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

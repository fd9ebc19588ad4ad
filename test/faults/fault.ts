import { beforeAll, describe, it } from "vitest";
import * as z from "zod";
import { nameOf } from "../../src/checks/engine/check.ts";
import { type Code, catalog } from "../../src/findings/catalog/catalog.ts";
import { exitCodes } from "../../src/findings/catalog/code-entry.ts";
import type { Names } from "../../src/network/name-service.ts";
import { checkReportSchema, type ReportedCheck } from "../../src/report/check-report.ts";
import type { ReportedFinding } from "../../src/report/described-finding.ts";
import { mirrorReportSchema } from "../../src/report/mirror-report.ts";
import { runReportSchema } from "../../src/report/run-report.ts";
import { findingText, painter } from "../../src/report/text.ts";
import { type HealthyWorld, startHealthyWorld, type WorldOptions } from "../../testing/healthy-world/healthy-world.ts";
import { runInProcess } from "../../testing/program/run-in-process.ts";
import { type ProgramRun, runProgram } from "../../testing/program/run-program.ts";
import { setBaseImage, withDepot, withoutBuildkit } from "./worlds.ts";

type Command = readonly [name: string, ...flags: string[]];

/** One thing that is wrong in a world where all else is right. */
export interface Fault {
  /** In words: "the fault: …". */
  fault: string;
  /** The one code that must be found. */
  code: Code;
  /** An error unless told otherwise. */
  severity?: "warning";
  /** The command that must find it, and its flags; `check` unless told otherwise. */
  command?: Command | ((world: HealthyWorld) => Command);
  /** The bundled program runs, as a process: something of it would go on after the run. By default, that is the first row of a table. */
  isProcess?: boolean;
  /** DNS, in place of the system's. */
  names?: Names;
  /** Built in from the start. */
  world?: WorldOptions;
  /** Done to a healthy world; what is pushed to `stack` lives as long as the test. */
  inject?: (world: HealthyWorld, stack: AsyncDisposableStack) => unknown;
}

/** A healthy world, in which the program is run. */
export function openWorld(options?: WorldOptions): Promise<HealthyWorld> {
  return startHealthyWorld(options);
}

/** Registers what the settings of a world have become. */
export async function registerNow(world: HealthyWorld): Promise<void> {
  const { exitCode, stdout } = await world.run(["register"]);
  if (exitCode !== 0) throw new Error(stdout);
}

let healthy: Promise<ReadonlySet<string>> | undefined;

/** Why checks do not run where all is well: what they are about is not there. */
async function skippedInHealthyWorlds(): Promise<ReadonlySet<string>> {
  const skipped = await Promise.all(
    [{}, withoutBuildkit, withDepot].flatMap((options) =>
      [() => {}, setBaseImage].map(async (prepare) => {
        await using world = await openWorld({ ...options, run: runInProcess });
        prepare(world);
        const { checks } = await world.check();
        return checks.filter(({ status }) => status === "skipped").map(({ detail }) => detail);
      }),
    ),
  );
  return new Set(skipped.flat());
}

/**
 * Injects each fault and runs its command: for the first of a table by the bundled program, for the others in this process.
 * Requires its code as the only finding, with texts that say something and the exit code of the catalog, and every other check
 * passed, skipped because of it, or not needed in a healthy world either.
 */
export function describeFaults(name: string, faults: readonly Fault[]): void {
  describe(name, () => {
    let notNeeded: ReadonlySet<string> = new Set();
    // It also loads all modules, which would block the servers of the first rows for longer than their clients wait.
    beforeAll(async () => {
      healthy ??= skippedInHealthyWorlds();
      notNeeded = await healthy;
    });
    it.concurrent.for(faults)("$fault: $code", async (fault, { expect }) => {
      const { code, severity = "error", command = ["check"], isProcess = fault === faults[0] } = fault;
      await using stack = new AsyncDisposableStack();
      const { names } = fault;
      const runHere: typeof runInProcess = (args, options) => runInProcess(args, { ...options, names });
      await using world = await openWorld({ ...fault.world, run: isProcess ? runProgram : runHere });
      await fault.inject?.(world, stack);
      const [program, ...flags] = typeof command === "function" ? command(world) : command;
      const failOn = program === "check" ? ["--fail-on", "warning"] : [];
      const run = await world.run([program, ...flags, ...failOn, "--output", "json"]);
      const { findings, checks } = shownBy(run);
      expect(findings.map((found) => `${found.severity} ${found.code}: ${found.what}: ${found.why}`)).toEqual([
        expect.stringMatching(new RegExp(`^${severity} ${code}: `)),
      ]);
      expect(run.exitCode).toBe(exitCodeOf({ code, severity, program }));
      for (const { what, fix, next, docs } of findings) {
        for (const text of [what, fix, next, docs]) expect(text).toMatch(/^(?!.*(undefined|\[object )).*\S/s);
        expect(docs).toMatch(new RegExp(`#${code}$`));
      }
      const root = checks.find(({ finding }) => finding);
      const skipped = checks.filter(({ status }) => status === "skipped");
      const because = new RegExp(`^${root && nameOf(root)} (failed|could not tell)$`);
      for (const { detail } of skipped.filter(({ detail }) => !notNeeded.has(detail))) expect(detail).toMatch(because);
    });
  });
}

/** Only `check` can be told to fail on a warning; every other command goes on with one. */
function exitCodeOf(found: { code: Code; severity: "error" | "warning"; program: string }): number {
  if (found.severity === "error") return catalog[found.code].exit;
  return found.program === "check" ? exitCodes.warnings : exitCodes.success;
}

const reportSchema = z.union([checkReportSchema, runReportSchema, mirrorReportSchema]);

/** What a run has found: in its report, and on standard error where the report could not say it. */
function shownBy({ stdout, stderr, exitCode }: ProgramRun): { findings: ReportedFinding[]; checks: ReportedCheck[] } {
  const printed = findingsIn(stderr);
  if (stdout === "") return { findings: printed, checks: [] };
  const document: unknown = JSON.parse(stdout);
  const report = reportSchema.parse(document);
  if (report.exitCode !== exitCode) throw new Error(`it says ${report.exitCode} and ended with ${exitCode}`);
  const checks = "checks" in report ? report.checks : [];
  const images = "images" in report ? report.images : [];
  const ofParts = [...checks, ...images].flatMap(({ finding }) => finding ?? []);
  const ofRun = "findings" in report ? report.findings : "warnings" in report ? report.warnings : [];
  return { findings: [...ofRun, ...ofParts, ...printed], checks };
}

/**
 * The findings that a text holds.
 * @throws where it holds anything else
 */
function findingsIn(text: string): ReportedFinding[] {
  const findings = text
    .split(/^(?=(?:ERROR|WARNING) )/m)
    .filter((part) => part !== "")
    .map(readFinding);
  const again = findings.map((finding) => findingText(finding, painter(false))).join("\n");
  if (again !== text.trimEnd()) throw new Error(`the program wrote to stderr: ${text}`);
  return findings;
}

function readFinding(text: string): ReportedFinding {
  const [, severity, code = ""] = /^(ERROR|WARNING) (\S+)/.exec(text) ?? [];
  const lines = [...text.matchAll(/^ {2}(\w+) +(.*(?:\n {8}.*)*)/gm)];
  const texts = new Map(lines.map(([, label, words = ""]) => [label, words.replaceAll("\n        ", "\n")]));
  const read = (label: string) => texts.get(label) ?? "";
  return {
    code,
    severity: severity === "ERROR" ? "error" : "warning",
    what: read("what"),
    why: read("why"),
    fix: read("fix"),
    next: read("next"),
    docs: read("docs"),
  };
}

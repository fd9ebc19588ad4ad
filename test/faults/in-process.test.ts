import { expect, it } from "vitest";
import { checkReportSchema } from "../../src/report/check-report.ts";
import { runInProcess } from "../../testing/program/run-in-process.ts";
import { type ProgramRun, runProgram } from "../../testing/program/run-program.ts";
import { openWorld } from "./fault.ts";

/** A report without what differs from run to run. */
function steadyOf({ stdout, stderr, exitCode }: ProgramRun): object {
  const { program, checks, milliseconds, ...report } = checkReportSchema.parse(JSON.parse(stdout));
  return { ...report, checks: checks.map((check) => ({ ...check, milliseconds: 0 })), stderr, exitCode };
}

it("the command line in this process reports what the bundled program does", async () => {
  await using world = await openWorld({ cluster: { serviceAccounts: ["default"] } });
  const args = ["check", "--output", "json", "--config", await world.write("all.yaml", JSON.stringify(world.settings))];
  const surroundings = { env: world.environment };
  const bundled = await runProgram(args, surroundings);
  expect(steadyOf(await runInProcess(args, surroundings))).toEqual(steadyOf(bundled));
});

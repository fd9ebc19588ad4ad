// Every test: those that need nothing but this machine, then those on a real cluster. Ends with one line of both counts:
// `N passed, N failed`, and what was skipped. Words on the command line choose among the former alone.
import { execa } from "execa";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const words = process.argv.slice(2);
const suites = [["vitest", "run", ...words], ...(words.length === 0 ? [["node", "tools/test-cluster.ts"]] : [])];

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const [program = "", ...args] of suites) {
  const { stdout, exitCode } = await execa(program, args, {
    ...{ stdin: "inherit", stdout: ["inherit", "pipe"], stderr: "inherit", reject: false, preferLocal: true },
  });
  const counts = countsIn(stdout);
  // A crash before the count is a failure that no test tells of.
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  for (const kind of ["passed", "failed", "skipped"] as const) total[kind] += counts[kind];
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** The counts that tools/count-reporter.ts printed last. */
function countsIn(output: string): Counts {
  const [line = ""] = output.match(/^\d+ passed, \d+ failed.*$/gm)?.slice(-1) ?? [];
  const count = (kind: string) => Number(new RegExp(`(\\d+) ${kind}`).exec(line)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

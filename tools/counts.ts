/** How many tests ended how. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The plain line that people and CI read alike: `N passed, N failed`, and what was skipped. */
export function countLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** The counts of the last such line in an output; none where there is no such line. */
export function countsIn(output: string): Counts {
  const [line = ""] = output.match(/^\d+ passed, \d+ failed.*$/gm)?.slice(-1) ?? [];
  const count = (kind: string) => Number(new RegExp(`(\\d+) ${kind}`).exec(line)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

export function sum(all: readonly Counts[]): Counts {
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) for (const kind of ["passed", "failed", "skipped"] as const) total[kind] += counts[kind];
  return total;
}

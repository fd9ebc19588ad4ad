// Prints how large fleets of each kind go: `node testing/fleet/print.ts [seed]`.
import { mixes, play, type Result } from "./mixes.ts";

const columns: { title: string; cell: (result: Result) => number }[] = [
  { title: "quiet writes", cell: ({ quietWrites }) => quietWrites },
  { title: "quiet findings", cell: ({ quietFindings }) => quietFindings },
  { title: "violations", cell: ({ violations }) => violations.length },
  { title: "writes", cell: ({ writes }) => writes },
  { title: "by members", cell: ({ memberWrites }) => memberWrites },
  { title: "registrations", cell: ({ registrations }) => registrations },
  { title: "keeps reported", cell: ({ reported }) => reported },
  { title: "conflicts at end", cell: ({ conflicts }) => conflicts },
  { title: "refused at end", cell: ({ refused }) => refused },
];

/** The results as a table, one row a kind of fleet. */
export function tableOf(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.map((result) => [
    result.name.padEnd(width),
    ...columns.map(({ title, cell }) => String(cell(result)).padStart(title.length)),
  ]);
  return [["".padEnd(width), ...columns.map(({ title }) => title)], ...lines].map((line) => line.join("  ")).join("\n");
}

if (import.meta.main) {
  const seed = Number(process.argv[2] ?? 1);
  const results = [];
  for (const mix of mixes) results.push(await play(mix, seed));
  process.stdout.write(`${tableOf(results)}\n`);
  for (const { name, violations } of results) {
    for (const violation of violations.slice(0, 3)) process.stdout.write(`${name}: ${violation}\n`);
  }
}

// Compares our specs of random settings with those that a flyte SDK makes of the rendered Python files: the SDK of the `flyte`
// executable that is named. Prints each field that differs, with an example, and ends with 1 if any does.
import { dirname, join } from "node:path";
import { chosenSeed, compareWithSdk } from "../testing/conformance/comparison.ts";
import type { LeafDifference } from "../testing/conformance/differences.ts";

/** A field of any index and any free key, and in how many cases it differs. */
interface Row {
  field: string;
  cases: number;
  example: LeafDifference;
}

const [flyteCommand = ""] = process.argv.slice(2);
const { version, seed, cases, unequal } = await compareWithSdk(
  join(dirname(flyteCommand), "python"),
  500,
  chosenSeed(),
);

print(
  `flyte ${version}: ${cases} cases, ${cases - unequal.length} equal (CONFORMANCE_SEED=${seed} for the same again)`,
);
for (const { field, cases: count, example } of rowsOf(unequal)) {
  print(`\n${ascii(field)}: ${count} of ${cases} cases differ`);
  if (example.field !== field) print(`  at     ${ascii(example.field)}`);
  print(`  ours   ${ascii(shown(example.expected))}\n  SDK's  ${ascii(shown(example.stored))}`);
}
process.exitCode = unequal.length === 0 ? 0 : 1;

function rowsOf(unequal: readonly { differences: readonly LeafDifference[] }[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { differences } of unequal) {
    const fields = new Map(differences.map((difference) => [generalized(difference.field), difference]));
    for (const [field, example] of fields) {
      rows.set(field, { field, cases: (rows.get(field)?.cases ?? 0) + 1, example });
    }
  }
  return [...rows.values()].sort((a, b) => b.cases - a.cases);
}

/** `….env[].value` for `….env[3].value`, and `….labels[]` for a label of any name. */
function generalized(field: string): string {
  return field
    .replace(/(\.(?:labels|annotations|nodeSelector|limits|requests))(?:\.\w+|\[".*"\])$/s, "$1[]")
    .replaceAll(/\[\d+\]/g, "[]");
}

function shown(value: unknown): string {
  return value === undefined ? "(nothing)" : JSON.stringify(value).slice(0, 200);
}

/** Random texts hold what moves a terminal's cursor. */
function ascii(text: string): string {
  return text.replaceAll(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

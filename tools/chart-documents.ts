// What is made from code and comments in chart/: its schema, its README's table of values, and its form as a values file.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withValuesTable } from "./chart-readme.ts";
import { chartValuesSchema } from "./chart-schema.ts";
import { extraObjectsFile } from "./extra-objects.ts";

/** Folder of the chart. */
const chart = join(import.meta.dirname, "../chart");

/** The generated files of the chart as they should be; `make generate` writes them, a test holds them against the tree. */
export function chartDocuments(): { path: string; text: string }[] {
  const [readme, values] = [join(chart, "README.md"), join(chart, "values.yaml")];
  return [
    { path: join(chart, "values.schema.json"), text: `${JSON.stringify(chartValuesSchema(), null, 2)}\n` },
    { path: join(chart, "../examples/values.extra-objects.yaml"), text: extraObjectsFile(chart) },
    { path: readme, text: withValuesTable(readFileSync(readme, "utf8"), readFileSync(values, "utf8")) },
  ];
}

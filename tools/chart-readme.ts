// The table of values in the chart's README, from the `# --` comments of values.yaml (the convention of helm-docs).
import { parse } from "yaml";

const begin = "<!-- values -->";
const end = "<!-- /values -->";

/** One documented value. */
interface ValueRow {
  path: readonly string[];
  description: string;
}

/**
 * The README with the table between its two marks made anew.
 * @throws {Error} where a mark is missing
 */
export function withValuesTable(readme: string, valuesYaml: string): string {
  const [before, after] = [readme.indexOf(begin), readme.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${begin} and ${end} do not stand in the README`);
  return `${readme.slice(0, before)}${begin}\n${valuesTable(valuesYaml)}\n${readme.slice(after)}`;
}

function valuesTable(valuesYaml: string): string {
  const values: unknown = parse(valuesYaml);
  const rows = documentedValues(valuesYaml).map(
    ({ path, description }) =>
      `| \`${path.join(".")}\` | ${description.replaceAll("|", "\\|")} | \`${JSON.stringify(valueAt(values, path))}\` |`,
  );
  return ["| value | what it is | default |", "|---|---|---|", ...rows].join("\n");
}

/** Every key of values.yaml with a `# --` comment right above it, in the file's order. */
export function documentedValues(valuesYaml: string): ValueRow[] {
  const rows: ValueRow[] = [];
  const path: string[] = [];
  let description: string[] = [];
  for (const line of valuesYaml.split("\n")) {
    const comment = /^ *# (-- )?(.*)$/.exec(line);
    const key = /^( *)(\w+):/.exec(line);
    if (comment?.[1]) description = [comment[2] ?? ""];
    else if (comment && description.length > 0) description.push(comment[2] ?? "");
    if (key) {
      path.splice((key[1] ?? "").length / 2, Number.POSITIVE_INFINITY, key[2] ?? "");
      if (description.length > 0) rows.push({ path: [...path], description: description.join(" ") });
    }
    if (!comment) description = [];
  }
  return rows;
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    values,
  );
}

// The table of deadlines in docs/architecture.md, from src/system/deadlines.ts.
import { deadlines } from "../src/system/deadlines.ts";

const begin = "<!-- deadlines -->";
const end = "<!-- /deadlines -->";

/**
 * The page with a new table between its two markers.
 * @throws {Error} if a marker is missing
 */
export function withDeadlineTable(page: string): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`the page lacks ${begin} or ${end}`);
  return `${page.slice(0, before)}${begin}\n${deadlineTable()}\n${page.slice(after)}`;
}

function deadlineTable(): string {
  const rows = Object.values(deadlines).map(
    ({ wait, milliseconds, outcome }) => `| ${wait} | ${milliseconds / 1000} s | ${outcome} |`,
  );
  return ["| waits for | at most | then |", "|---|---|---|", ...rows].join("\n");
}

// The table of deadlines in docs/architecture.md, from src/system/deadlines.ts.
import { deadlines } from "../src/system/deadlines.ts";
import { withTextBetween } from "./between-markers.ts";

/**
 * The page with a new table between its two markers.
 * @throws {Error} if a marker is missing
 */
export function withDeadlineTable(page: string): string {
  const rows = Object.values(deadlines).map(
    ({ wait, milliseconds, outcome }) => `| ${wait} | ${milliseconds / 1000} s | ${outcome} |`,
  );
  return withTextBetween(page, "deadlines", ["| waits for | at most | then |", "|---|---|---|", ...rows].join("\n"));
}

// The table of the differences between the SDK's build and ours in docs/architecture.md, from testing/build-requests/.
import { knownDifferences } from "../testing/build-requests/known-differences.ts";
import { withTextBetween } from "./between-markers.ts";

/**
 * The page with a new table between its two markers.
 * @throws {Error} if a marker is missing
 */
export function withRequestTable(page: string): string {
  const rows = knownDifferences.map(({ methods, fields, reason }) => {
    return `| ${methods.join(", ")} | ${fields.map(fieldText).join(", ")} | ${reason} |`;
  });
  return withTextBetween(
    page,
    "build-requests",
    ["| request | differs in | why |", "|---|---|---|", ...rows].join("\n"),
  );
}

function fieldText(field: string): string {
  return field.startsWith("(") ? field.slice(1, -1) : `\`${field}\``;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { knownDifferences } from "../../testing/build-requests/known-differences.ts";
import { withRequestTable } from "../../tools/request-table.ts";

test("docs/architecture.md has the differences between the SDK's build and ours", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/architecture.md"), "utf8");
  expect(withRequestTable(page)).toBe(page);
});

test("the table has one row for each difference, in words", () => {
  const rows = withRequestTable("<!-- build-requests --><!-- /build-requests -->").split("\n").slice(3, -1);
  expect(rows).toHaveLength(knownDifferences.length);
  expect(rows).toContainEqual(
    expect.stringMatching(/^\| TaskService\/ListTasks, TaskService\/GetTaskDetails \| its place among the others \| /),
  );
  expect(rows).toContainEqual(expect.stringMatching(/^\| RunService\/CreateRun \| `projectId`, `runId` \| /));
  expect(rows).toContainEqual(expect.stringMatching(/^\| RunService\/ListRuns \| sent by this program alone \| /));
});

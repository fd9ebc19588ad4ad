import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deadlines } from "../../src/system/deadlines.ts";
import { withDeadlineTable } from "../../tools/deadline-table.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/architecture.md"), "utf8");

test("docs/architecture.md has the deadlines of the code", () => {
  expect(withDeadlineTable(page)).toBe(page);
});

test("the table has one row for each deadline, and replaces what was between the markers", () => {
  const text = withDeadlineTable("before\n<!-- deadlines -->\nold\n<!-- /deadlines -->\nafter\n");
  const [first, begin, head, line, ...rows] = text.split("\n");
  expect([first, begin, head, line]).toEqual([
    "before",
    "<!-- deadlines -->",
    "| waits for | at most | then |",
    "|---|---|---|",
  ]);
  expect(rows.slice(0, -3)).toHaveLength(Object.keys(deadlines).length);
  expect(rows[0]).toBe("| a connection, proxy and TLS included | 10 s | retried |");
  expect(rows.slice(-3)).toEqual(["<!-- /deadlines -->", "after", ""]);
});

test.each(["", "<!-- deadlines -->", "<!-- /deadlines --><!-- deadlines -->"])(
  "a page without both markers, in order, is refused: %j",
  (text) => {
    expect(() => withDeadlineTable(text)).toThrow("lacks");
  },
);

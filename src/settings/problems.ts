import type * as z from "zod";
import type { Leaf } from "./leaves.ts";
import { dotted } from "./names.ts";
import type { RawSettings } from "./sources.ts";

/**
 * One line a problem: the setting, what was given, what is wrong with it and an example. Values are not repeated: a
 * secret put into the wrong place would show.
 */
export function describeProblems(error: z.core.$ZodError, raw: RawSettings, leaves: readonly Leaf[]): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => unknownKey([...issue.path, key], leaves));
    }
    const reason = issue.code === "custom" || !issue.message.startsWith("Invalid") ? issue.message : expectation(issue);
    const leaf = leaves.find(({ path }) => path.every((key, index) => key === issue.path[index]));
    const example = leaf ? `; for example ${exampleOf(leaf, issue.path)}` : "";
    return [`${dotted(issue.path)}: ${kindOf(valueAt(raw, issue.path))} ${reason}${example}`];
  });
}

function unknownKey(path: readonly PropertyKey[], leaves: readonly Leaf[]): string {
  const parent = path.slice(0, -1);
  const given = String(path.at(-1));
  const names = leaves
    .filter((leaf) => leaf.path.length >= path.length && parent.every((key, index) => key === leaf.path[index]))
    .map((leaf) => leaf.path[parent.length] ?? "");
  const nearest = [...new Set(names)]
    .map((name) => ({ name, distance: editDistance(name.toLowerCase(), given.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const hint =
    nearest && nearest.distance <= Math.max(2, given.length / 3)
      ? `did you mean ${dotted([...parent, nearest.name])}?`
      : `known here: ${[...new Set(names)].join(", ") || "nothing"}`;
  return `${dotted(path)}: is not a setting; ${hint}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return `is none of ${issue.values.join(", ")}`;
  if (issue.code === "invalid_union") return "is not one of the forms that can be given";
  if (issue.code === "invalid_type") {
    const words: Record<string, string> = { string: "text", array: "a list", object: "a mapping", record: "a mapping" };
    return `is not ${words[issue.expected] ?? `a ${issue.expected}`}`;
  }
  return issue.message;
}

function exampleOf(leaf: Leaf, path: readonly PropertyKey[]): string {
  const text = typeof leaf.example === "string" ? leaf.example : JSON.stringify(leaf.example);
  return path.length > leaf.path.length ? `${dotted(leaf.path)} ${text}` : text;
}

/** What was given, by its kind: "the number", "the list", "nothing given, which". */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing is given, which";
  if (value === "") return "the text";
  if (Array.isArray(value)) return "the list";
  if (typeof value === "object") return "the mapping";
  if (typeof value === "number") return "the number (quote it to make it text)";
  return typeof value === "boolean" ? "the boolean" : `the text of ${String(value).length} characters`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    raw,
  );
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

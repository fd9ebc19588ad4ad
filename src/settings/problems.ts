import type * as z from "zod";
import type { SettingProblem } from "../findings/catalog/settings-codes.ts";
import { editDistance } from "../system/edit-distance.ts";
import { keysAt, type Leaf, leafAt, startsWith } from "./leaves.ts";
import { dotted } from "./names.ts";
import { type RawSettings, valueAt } from "./sources.ts";

/** Where the setting at a path was given; nothing if it was not. */
export type PlaceOf = (path: readonly PropertyKey[]) => string | undefined;

/**
 * One problem per setting: where and what was given, the first thing that is wrong with it, and an example. Values are not
 * repeated: one might be a secret in the wrong place.
 */
export function describeProblems(
  error: z.core.$ZodError,
  raw: RawSettings,
  leaves: readonly Leaf[],
  placeOf: PlaceOf,
): SettingProblem[] {
  const problems = new Map<string, SettingProblem>();
  const add = (path: readonly PropertyKey[], problem: string) => {
    const setting = dotted(path);
    problems.set(setting, { setting, place: placeOf(path), problem });
  };
  for (const issue of error.issues) {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    for (const path of keys.map((key) => [...issue.path, key])) add(path, unknownKey(path, leaves));
    if (keys.length === 0 && !problems.has(dotted(issue.path)))
      add(issue.path, wrongValue(issue, valueAt(raw, issue.path), leaves));
  }
  return [...problems.values()];
}

function wrongValue(issue: z.core.$ZodIssue, value: unknown, leaves: readonly Leaf[]): string {
  const leaf = leafAt(issue.path, leaves) ?? leaves.find((candidate) => startsWith(candidate.path, issue.path));
  const example = leaf ? `; for example ${exampleOf(leaf, issue.path)}` : "";
  // A custom check says what else could be set.
  if (value === undefined) return `not set${issue.code === "custom" ? `: ${issue.message}` : ""}${example}`;
  const reason =
    issue.code === "custom" || !issue.message.startsWith("Invalid") ? issue.message : expectation(issue, leaf);
  const expectsText = issue.code === "invalid_type" && issue.expected === "string";
  return `${kindOf(value)}${expectsText && typeof value === "number" ? " (quote it to make it text)" : ""} ${reason}${example}`;
}

function unknownKey(path: readonly PropertyKey[], leaves: readonly Leaf[]): string {
  const parent = path.slice(0, -1);
  const given = String(path.at(-1));
  const within = leafAt(parent, leaves);
  const names = within
    ? keysAt(parent)
    : leaves
        .filter((leaf) => leaf.path.length >= path.length && startsWith(leaf.path, parent))
        .map((leaf) => leaf.path[parent.length] ?? "");
  // A known key is rejected only if it belongs to another type of authentication.
  if (names.includes(given)) return `does not belong to this ${dotted([...parent, "type"])}`;
  const nearest = [...new Set(names)]
    .map((name) => ({ name, distance: editDistance(name.toLowerCase(), given.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const hint =
    nearest && nearest.distance <= Math.max(2, given.length / 3)
      ? `did you mean ${within ? nearest.name : dotted([...parent, nearest.name])}?`
      : `${within ? "what is" : "known here"}: ${[...new Set(names)].join(", ")}`;
  return `is not ${within ? "known here" : "a setting"}; ${hint}`;
}

function expectation(issue: z.core.$ZodIssue, leaf: Leaf | undefined): string {
  if (issue.code === "invalid_value") return `is none of ${issue.values.join(", ")}`;
  if (issue.code === "invalid_key") return `has a key that ${issue.issues[0]?.message}`;
  if (issue.code === "invalid_union" && leaf?.kind.includes("|"))
    return `is none of ${leaf.kind.split("|").join(", ")}`;
  if (issue.code === "invalid_type") {
    const words: Record<string, string> = {
      string: "text",
      array: "a list",
      object: "a mapping",
      record: "a mapping",
      int: "a whole number",
      number: "a number",
    };
    return `is not ${words[issue.expected] ?? `a ${issue.expected}`}`;
  }
  return issue.message;
}

function exampleOf(leaf: Leaf, path: readonly PropertyKey[]): string {
  const text = typeof leaf.example === "string" ? leaf.example : JSON.stringify(leaf.example);
  return path.length === leaf.path.length ? text : `${dotted(leaf.path)}: ${text}`;
}

/** What was given, by its kind: "the number", "the list", "null". */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === "") return "the text";
  if (Array.isArray(value)) return "the list";
  if (typeof value === "object") return "the mapping";
  if (typeof value !== "string") return `the ${typeof value}`;
  return value.length === 1 ? "the text of 1 character" : `the text of ${value.length} characters`;
}

import type { JsonValue } from "@bufbuild/protobuf";

/** One leaf in which two JSON values differ; what one of them lacks is undefined. */
export interface LeafDifference {
  /** `taskTemplate.k8sPod.metadata.labels["a b"]`, `….containers[0].name`. */
  field: string;
  expected: JsonValue | undefined;
  stored: JsonValue | undefined;
}

/** Every leaf in which two values differ; an empty list or object is a leaf. */
export function leafDifferences(expected: JsonValue, stored: JsonValue): LeafDifference[] {
  const [wanted, found] = [new Map(leaves(expected)), new Map(leaves(stored))];
  const fields = [...new Set([...wanted.keys(), ...found.keys()])];
  return fields
    .map((field) => ({ field, expected: wanted.get(field), stored: found.get(field) }))
    .filter((leaf) => JSON.stringify(leaf.expected) !== JSON.stringify(leaf.stored));
}

function leaves(value: JsonValue, field = ""): [string, JsonValue][] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [[field, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, `${field}[${index}]`));
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${field}${step(key, field === "")}`));
}

function step(key: string, isFirst: boolean): string {
  if (!/^\w+$/.test(key)) return `[${JSON.stringify(key)}]`;
  return isFirst ? key : `.${key}`;
}

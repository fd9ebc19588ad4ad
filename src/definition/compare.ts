import { type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { isOwnAnnotation } from "./ownership.ts";

/** One field of two definitions. Values are JSON, or absent. */
export interface ComparedField {
  /** `taskTemplate.k8sPod.podSpec.containers[main].env[TZ].value`. */
  field: string;
  expected: JsonValue | undefined;
  stored: JsonValue | undefined;
}

/** A field whose values differ. */
export type Difference = ComparedField;

/** Environment variable in which the SDK stores Python's path, which depends on the machine that deployed. */
const systemPath = "_F_SYS_PATH";

/**
 * The differences of a stored spec from the expected one, in a stable order. Ignored is what does not affect builds: the id,
 * the SDK's version, a code bundle that a container task does not use, Python's path, and our annotations.
 */
export function differencesBetween(expected: TaskSpec, stored: TaskSpec): Difference[] {
  return fieldsOf(expected, stored)
    .filter(isDifferent)
    .sort((a, b) => (a.field < b.field ? -1 : 1));
}

/** Every field that is compared, also those that are equal, in the order of the expected spec. */
export function fieldsOf(expected: TaskSpec, stored: TaskSpec): ComparedField[] {
  return compare(comparable(expected), comparable(stored), "");
}

/** Whether the values of a field differ. What both have is compared down to its texts and numbers, so identity decides. */
export function isDifferent({ expected, stored }: ComparedField): boolean {
  return expected !== stored;
}

function comparable(spec: TaskSpec): JsonValue {
  return withoutIgnored(toJson(TaskSpecSchema, spec), []) ?? {};
}

const annotations = "taskTemplate.k8sPod.metadata.annotations";

/** Fields that are ignored. */
const ignored: ReadonlySet<string> = new Set([
  "taskTemplate.id",
  "taskTemplate.metadata.runtime",
  "taskTemplate.metadata.codeBundleUri",
]);

/**
 * A value without ignored and empty fields: servers and SDKs differ in whether they store `{}` or nothing. Empty text stays:
 * it is a valid value of a label or node selector.
 */
function withoutIgnored(value: JsonValue, path: readonly string[]): JsonValue | undefined {
  if (value === null) return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const items = value.filter((item) => !(path.at(-1) === "env" && nameOf(item, "name") === systemPath));
    return items.length === 0 ? undefined : items.map((item) => withoutIgnored(item, path) ?? {});
  }
  const fields = Object.entries(value).flatMap(([key, inner]): [string, JsonValue][] => {
    const place = [...path, key];
    if (ignored.has(place.join(".")) || (path.join(".") === annotations && isOwnAnnotation(key))) return [];
    const kept = withoutIgnored(inner, place);
    return kept === undefined ? [] : [[key, kept]];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

function compare(expected: JsonValue | undefined, stored: JsonValue | undefined, field: string): ComparedField[] {
  if (Array.isArray(expected) && Array.isArray(stored)) return compareLists(expected, stored, field);
  if (isObject(expected) && isObject(stored)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(stored)])];
    return keys.flatMap((key) =>
      compare(ownValue(expected, key), ownValue(stored, key), field === "" ? key : `${field}.${key}`),
    );
  }
  return [{ field, expected, stored }];
}

/** Also right for a key such as `constructor`, which every object inherits. */
function ownValue(value: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Items with unique names are compared by name, so an inserted item is one difference. */
function compareLists(expected: JsonValue[], stored: JsonValue[], field: string): ComparedField[] {
  const nameKey = nameKeys.find((key) => [expected, stored].every((list) => haveNames(list, key)));
  if (nameKey === undefined) {
    const length = Math.max(expected.length, stored.length);
    return Array.from({ length }, (_, index) => compare(expected[index], stored[index], `${field}[${index}]`)).flat();
  }
  const [wanted, found] = [byName(expected, nameKey), byName(stored, nameKey)];
  const names = [...new Set([...wanted.keys(), ...found.keys()])];
  const fields = names.flatMap((name) => compare(wanted.get(name), found.get(name), `${field}[${name}]`));
  // A variable may refer to earlier ones, so the order counts.
  const [order, storedOrder] = [
    [...wanted.keys()].filter((name) => found.has(name)),
    [...found.keys()].filter((name) => wanted.has(name)),
  ];
  const isReordered = order.some((name, index) => name !== storedOrder[index]);
  return isReordered ? [...fields, { field: `${field} (order)`, expected: order, stored: storedOrder }] : fields;
}

function byName(list: readonly JsonValue[], key: string): Map<string, JsonValue> {
  return new Map(list.map((item) => [nameOf(item, key) ?? "", item]));
}

/** Keys by which Kubernetes and the protobuf name the items of a list, in order of preference. */
const nameKeys = ["mountPath", "name", "key"] as const;

function haveNames(list: readonly JsonValue[], key: string): boolean {
  const names = list.map((item) => nameOf(item, key));
  return names.every((name) => name !== undefined) && new Set(names).size === names.length;
}

function nameOf(item: JsonValue, key: string): string | undefined {
  const name = isObject(item) ? item[key] : undefined;
  return typeof name === "string" ? name : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

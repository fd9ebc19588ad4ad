import type { JsonValue } from "@bufbuild/protobuf";
import { leafDifferences } from "../conformance/differences.ts";

/** A request of a build, as JSON. */
export interface BuildRequest {
  /** `RunService/CreateRun`, or `PUT upload` */
  readonly method: string;
  readonly request: JsonValue;
}

/** What a difference of a request as a whole has in place of a field. */
export const wholeRequest = {
  sdkAlone: "(sent by the SDK alone)",
  oursAlone: "(sent by this program alone)",
  order: "(its place among the others)",
} as const;

/** What one side does and the other does not, in one place. What a side lacks is undefined. */
export interface Difference {
  /** Of SelectCluster with its operation, since each operation is a question of its own. */
  readonly method: string;
  /** `runSpec.labels`, or one of `wholeRequest`. */
  readonly field: string;
  readonly sdk: JsonValue | undefined;
  readonly ours: JsonValue | undefined;
}

/**
 * Every difference between the requests of two builds of the same image, in the order of the SDK's requests, then ours. Requests that a
 * side repeats count once, since how often it polls depends on the time that the build takes.
 */
export function compareRequests(sdk: readonly BuildRequest[], ours: readonly BuildRequest[]): Difference[] {
  const [theirs, own] = [byMethod(sdk), byMethod(ours)];
  const methods = [...new Set([...theirs.keys(), ...own.keys()])];
  const shared = (requests: typeof theirs) => [...requests.keys()].filter((name) => theirs.has(name) && own.has(name));
  const moved = movedIn(shared(theirs), shared(own));
  return methods.flatMap((method) => {
    const [before, after] = [theirs.get(method), own.get(method)];
    if (!before || !after)
      return (before ?? after ?? []).map((request) => alone(method, before && request, after && request));
    const place = (requests: typeof theirs) => shared(requests).indexOf(method) + 1;
    const order = { method, field: wholeRequest.order, sdk: place(theirs), ours: place(own) };
    return [...(moved.has(method) ? [order] : []), ...fieldsOf(method, before, after)];
  });
}

/** The different requests of each method, both in the order of their first ones. */
function byMethod(requests: readonly BuildRequest[]): Map<string, JsonValue[]> {
  const found = new Map<string, Map<string, JsonValue>>();
  for (const { method, request } of requests) {
    const name = nameOf(method, request);
    const known = found.get(name) ?? new Map<string, JsonValue>();
    found.set(name, known.set(JSON.stringify(request), request));
  }
  return new Map(Array.from(found, ([name, known]) => [name, [...known.values()]]));
}

function nameOf(method: string, request: JsonValue): string {
  if (!method.endsWith("/SelectCluster") || request === null || typeof request !== "object") return method;
  const operation = "operation" in request ? request["operation"] : "";
  // The published enum lacks the newest one.
  return `${method} ${operation === 10 ? "GET_IMAGE" : `${operation}`.replace(/^OPERATION_/, "")}`;
}

function alone(method: string, sdk: JsonValue | undefined, ours: JsonValue | undefined): Difference {
  return { method, field: sdk === undefined ? wholeRequest.oursAlone : wholeRequest.sdkAlone, sdk, ours };
}

/** The first with the first, the second with the second, … */
function fieldsOf(method: string, sdk: readonly JsonValue[], ours: readonly JsonValue[]): Difference[] {
  return Array.from({ length: Math.max(sdk.length, ours.length) }, (_, index) => {
    const [theirs, own] = [sdk[index], ours[index]];
    if (theirs === undefined || own === undefined) return [alone(method, theirs, own)];
    return leafDifferences(theirs, own).map(({ field, expected, stored }) => ({
      method,
      field,
      sdk: expected,
      ours: stored,
    }));
  }).flat();
}

/** The fewest names of two orders of the same names without which the orders are equal. */
function movedIn(one: readonly string[], other: readonly string[]): Set<string> {
  const longest = longestCommon(one, other);
  return new Set(one.filter((name) => !longest.includes(name)));
}

function longestCommon([first, ...rest]: readonly string[], other: readonly string[]): string[] {
  if (first === undefined || other.length === 0) return [];
  const place = other.indexOf(first);
  const without = longestCommon(rest, other);
  if (place < 0) return without;
  const with_ = [first, ...longestCommon(rest, other.slice(place + 1))];
  return with_.length >= without.length ? with_ : without;
}

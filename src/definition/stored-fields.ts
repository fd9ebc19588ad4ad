import { type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { isSignatureKey } from "./signature.ts";

/** One field in which two definitions differ. Values are JSON, or absent. */
export interface Difference {
  /** `k8sPod.podSpec.containers[0].image`. */
  field: string;
  expected: JsonValue | undefined;
  stored: JsonValue | undefined;
}

/** SHA-256 of nothing: what SDKs before 2.12 stored as cache key, so builds of one release were reused under the next. */
const hashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/**
 * The fields of a stored spec that make up its definition. Left out: what depends on where it was deployed from
 * (`_F_SYS_PATH`, the SDK's version, a code bundle that a container task does not use) and our signature.
 */
export function storedFields(spec: TaskSpec): JsonObject {
  const template = objectIn(toJson(TaskSpecSchema, spec), "taskTemplate");
  const metadata = objectIn(template, "metadata");
  const pod = objectIn(template, "k8sPod");
  const podMetadata = objectIn(pod, "metadata");
  const annotations = Object.entries(objectIn(podMetadata, "annotations")).filter(([key]) => !isSignatureKey(key));
  return {
    type: template["type"] ?? null,
    primaryContainer: objectIn(template, "config")["primary_container_name"] ?? null,
    interface: template["interface"] ?? null,
    cached: metadata["discoverable"] === true,
    cacheKeyDependsOnImage: metadata["discoveryVersion"] !== hashOfNothing,
    labels: objectIn(podMetadata, "labels"),
    annotations: Object.fromEntries(annotations),
    podSpec: withoutSystemPath(objectIn(pod, "podSpec")),
  };
}

/** Where two sets of fields differ, in a stable order. Lists are compared in order, mappings by key. */
export function differencesBetween(expected: JsonValue, stored: JsonValue): Difference[] {
  return compare(expected, stored, "").sort((a, b) => (a.field < b.field ? -1 : 1));
}

function compare(expected: JsonValue | undefined, stored: JsonValue | undefined, field: string): Difference[] {
  if (expected === stored) return [];
  if (Array.isArray(expected) && Array.isArray(stored)) {
    const length = Math.max(expected.length, stored.length);
    return Array.from({ length }, (_, index) => compare(expected[index], stored[index], `${field}[${index}]`)).flat();
  }
  if (isObject(expected) && isObject(stored)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(stored)])];
    return keys.flatMap((key) => compare(expected[key], stored[key], field === "" ? key : `${field}.${key}`));
  }
  return [{ field, expected, stored }];
}

function withoutSystemPath(podSpec: JsonObject): JsonObject {
  const containers = podSpec["containers"];
  if (!Array.isArray(containers)) return podSpec;
  return {
    ...podSpec,
    containers: containers.map((container) => {
      if (!isObject(container) || !Array.isArray(container["env"])) return container;
      return { ...container, env: container["env"].filter((env) => !isObject(env) || env["name"] !== "_F_SYS_PATH") };
    }),
  };
}

function objectIn(parent: JsonValue | undefined, key: string): JsonObject {
  const value = isObject(parent) ? parent[key] : undefined;
  return isObject(value) ? value : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

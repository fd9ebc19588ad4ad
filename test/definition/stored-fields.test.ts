import { fromJson, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { define } from "../../src/definition/definition.ts";
import { expectedFields } from "../../src/definition/expected-fields.ts";
import { signatureAnnotations } from "../../src/definition/signature.ts";
import { differencesBetween, storedFields } from "../../src/definition/stored-fields.ts";
import { ownTemplate, recordedSpec, settingsOf } from "./samples.ts";

const fieldsOf = (given: { [key: string]: unknown } = {}) =>
  expectedFields(define(settingsOf(given), ownTemplate).context);
const changedBy = (given: { [key: string]: unknown }) =>
  differencesBetween(fieldsOf(given), storedFields(recordedSpec("2.12.1"))).map(({ field }) => field);

/** The recorded spec with one value put in another's place, at every path where `test` says so. */
function rewritten(rewrite: (value: JsonValue, path: string) => JsonValue): TaskSpec {
  const walk = (value: JsonValue, path: string): JsonValue => {
    const changed = rewrite(value, path);
    if (changed !== value || typeof value !== "object" || value === null) return changed;
    if (Array.isArray(value)) return value.map((inner, index) => walk(inner, `${path}[${index}]`));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, `${path}.${key}`)]));
  };
  return fromJson(TaskSpecSchema, walk(toJson(TaskSpecSchema, recordedSpec("2.12.1")), ""));
}

describe("what our own template stores", () => {
  it.each(["none", "default"] as const)(
    "is what the documented procedure was recorded to store (copy style %s)",
    (style) => {
      expect(storedFields(recordedSpec("2.12.1", style))).toEqual(fieldsOf());
    },
  );

  it.each(["none", "default"] as const)("differs from an old SDK's by the cache key alone (copy style %s)", (style) => {
    expect(differencesBetween(fieldsOf(), storedFields(recordedSpec("2.5.14", style)))).toEqual([
      { field: "cacheKeyDependsOnImage", expected: true, stored: false },
    ]);
  });

  const container = "podSpec.containers[0]";
  it.each([
    [{ appVersion: "2026.3.5" }, [`${container}.args[6]`, `${container}.image`]],
    [{ task: { images: { buildImage: "a.example/b:1" } } }, [`${container}.image`]],
    [{ task: { images: { frontend: "a.example/b:1" } } }, [`${container}.args[6]`]],
    [
      { task: { imageNamePrefix: "a.example" } },
      [`${container}.args[6]`, `${container}.env[4].value`, `${container}.image`],
    ],
    [{ task: { logLevel: 6 } }, [`${container}.args[2]`]],
    [
      { task: { configMapName: "other" } },
      [
        ...[1, 2, 3, 5].map((index) => `${container}.env[${index}].valueFrom.configMapKeyRef.name`),
        "podSpec.volumes[1].configMap.name",
      ],
    ],
    [{ task: { podTemplate: { labels: { a: "b" } } } }, ["labels.a"]],
    [{ task: { podTemplate: { annotations: { a: "b" } } } }, ["annotations.a"]],
    [{ task: { podTemplate: { nodeSelector: { a: "b" } } } }, ["podSpec.nodeSelector"]],
    [{ task: { podTemplate: { tolerations: [{ key: "a" }] } } }, ["podSpec.tolerations"]],
    [{ task: { podTemplate: { resources: { limits: { cpu: 1 } } } } }, [`${container}.resources`]],
    [{ task: { podTemplate: { serviceAccountName: "a" } } }, ["podSpec.serviceAccountName"]],
    [{ task: { podTemplate: { imagePullSecrets: [{ name: "a" }] } } }, ["podSpec.imagePullSecrets"]],
    [{ task: { podTemplate: { env: [{ name: "A", value: "1" }] } } }, [`${container}.env[6]`]],
    [{ task: { project: "other", domain: "other" } }, []],
  ])("is expected to be another with %j", (given, fields) => {
    expect(changedBy(given)).toEqual(fields);
  });
});

describe("the fields of a stored spec", () => {
  it("leave out our signature and where it was deployed from", () => {
    const { signature } = define(settingsOf(), ownTemplate);
    const elsewhere = rewritten((value, path) => {
      if (path.endsWith("k8sPod.metadata")) return { annotations: { ...signatureAnnotations(signature), mine: "1" } };
      if (value === "./.:./.:./.") return "/somewhere/else";
      return path.endsWith("runtime.version") ? "9.9.9" : value;
    });
    expect(differencesBetween(fieldsOf(), storedFields(elsewhere))).toEqual([
      { field: "annotations.mine", expected: undefined, stored: "1" },
    ]);
  });

  it.each([
    ["type", "other-container"],
    ["config.primary_container_name", "sidecar"],
    ["metadata.discoverable", false],
    ["k8sPod.podSpec.containers[0].name", "other"],
    ["k8sPod.podSpec.containers[0].args[0]", "other"],
    ["k8sPod.podSpec.containers[0].env[5].value", "other"],
    ["k8sPod.podSpec.containers[0].volumeMounts[0].readOnly", false],
    ["k8sPod.podSpec.containers", []],
    ["k8sPod.podSpec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds", 3600],
    ["interface.inputs.variables[0].key", "other"],
  ])("show a change of %s", (path, replacement) => {
    let met = 0;
    const spec = rewritten((value, at) => {
      if (at !== `.taskTemplate.${path}`) return value;
      met++;
      return replacement;
    });
    expect(met).toBe(1);
    expect(differencesBetween(fieldsOf(), storedFields(spec))).not.toEqual([]);
  });

  it("are empty and no error for a spec of another kind", () => {
    const spec = fromJson(TaskSpecSchema, { taskTemplate: { type: "python", container: { image: "a" } } });
    expect(storedFields(spec)).toMatchObject({ type: "python", primaryContainer: null, podSpec: {} });
    expect(storedFields(fromJson(TaskSpecSchema, {}))).toMatchObject({ type: null, interface: null, cached: false });
  });
});

describe("differences", () => {
  it.each([
    [{}, {}, []],
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, []],
    [
      { a: [1, 2] },
      { a: [2, 1] },
      [
        { field: "a[0]", expected: 1, stored: 2 },
        { field: "a[1]", expected: 2, stored: 1 },
      ],
    ],
    [{ a: [1] }, { a: [1, 2] }, [{ field: "a[1]", expected: undefined, stored: 2 }]],
    [
      { b: 1, a: { c: true } },
      {},
      [
        { field: "a", expected: { c: true }, stored: undefined },
        { field: "b", expected: 1, stored: undefined },
      ],
    ],
    [{ a: null }, {}, [{ field: "a", expected: null, stored: undefined }]],
    [{ a: [] }, { a: {} }, [{ field: "a", expected: [], stored: {} }]],
    [{ a: "1" }, { a: 1 }, [{ field: "a", expected: "1", stored: 1 }]],
  ] satisfies [JsonObject, JsonObject, object[]][])("between %j and %j", (expected, stored, differences) => {
    expect(differencesBetween(expected, stored)).toEqual(differences);
  });
});

import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Difference, differencesBetween, fieldsOf, isDifferent } from "../../src/definition/compare.ts";
import { define } from "../../src/definition/definition.ts";
import { jsonOf, ownTemplate, recordedSpec, settingsOf, specFrom } from "./samples.ts";

const between = (expected: JsonValue, stored: JsonValue) => differencesBetween(specFrom(expected), specFrom(stored));
const podOf = (podSpec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  taskTemplate: { k8sPod: { metadata, podSpec } },
});
const pod = "taskTemplate.k8sPod.podSpec";

/** Differences within a pod, their fields counted from there. */
function betweenPods(expected: JsonObject, stored: JsonObject): Difference[] {
  return between(podOf(expected), podOf(stored)).map(({ field, ...values }) => {
    expect(field.startsWith(`${pod}.`)).toBe(true);
    return { field: field.slice(pod.length + 1), ...values };
  });
}

describe("all fields", () => {
  it("are those that are equal too, in the order of the expected spec", () => {
    const [expected, stored] = [podOf({ a: "1", b: { c: 2 } }), podOf({ a: "1", b: { c: 3 }, d: "4" })].map(specFrom);
    if (!expected || !stored) throw new Error("no specs");
    const fields = fieldsOf(expected, stored).map((field) => [field.field.slice(pod.length + 1), isDifferent(field)]);
    expect(fields).toEqual([
      ["a", false],
      ["b.c", true],
      ["d", true],
    ]);
  });
});

describe("what does not count", () => {
  const withId = (id: JsonObject, metadata: JsonObject = {}): JsonObject => ({ taskTemplate: { id, metadata } });
  const runtime = (version: string): JsonObject => ({ runtime: { type: "FLYTE_SDK", version, flavor: "python" } });
  const path = (value: string): JsonObject => ({ name: "_F_SYS_PATH", value });
  const containers = (env: JsonObject[]): JsonObject => ({ containers: [{ name: "main", image: "a", env }] });
  const ours = (key: string): string => `image-builder-registrar.union.ai/${key}`;

  it.each<[string, JsonObject, JsonObject]>([
    ["the id", withId({ name: "a", version: "1" }), withId({ name: "b", version: "2", project: "c" })],
    ["an id that is missing", withId({ name: "a" }), {}],
    ["the SDK's version", withId({}, runtime("2.12.1")), withId({}, runtime("9.9.9"))],
    ["no SDK at all", withId({}, runtime("2.12.1")), withId({})],
    ["a code bundle", withId({}, { codeBundleUri: "s3://a" }), withId({})],
    ["Python's path", podOf(containers([path("a")])), podOf(containers([path("b")]))],
    ["Python's path alone", podOf(containers([path("a")])), podOf(containers([]))],
    [
      "Python's path before others",
      podOf(containers([path("a"), { name: "A", value: "1" }, { name: "B", value: "2" }])),
      podOf(
        containers([
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ]),
      ),
    ],
    [
      "our annotations",
      podOf({}, { annotations: { [ours("registered-by")]: "a", [ours("app-version")]: "1", note: "mine" } }),
      podOf({}, { annotations: { [ours("fingerprint")]: "b", note: "mine" } }),
    ],
    ["our annotations alone", podOf({}, { annotations: { [ours("registered-by")]: "a" } }), podOf({})],
  ])("%s", (_name, expected, stored) => {
    expect(between(expected, stored)).toEqual([]);
    expect(between(stored, expected)).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject, string]>([
    ["the name of a task", { shortName: "a" }, { shortName: "b" }, "shortName"],
    ["another part of the metadata", withId({}, { discoverable: true }), withId({}), "taskTemplate"],
    ["another variable", podOf(containers([{ name: "A" }])), podOf(containers([])), `${pod}.containers[main].env`],
    ["another annotation", podOf({}, { annotations: { a: "1" } }), podOf({}), "taskTemplate"],
    ["a label named as ours", podOf({}, { labels: { [ours("registered-by")]: "a" } }), podOf({}), "taskTemplate"],
    ["an id in the pod", podOf({ id: "a" }), podOf({ id: "b" }), `${pod}.id`],
    [
      "Python's path as another list's item",
      podOf({ volumes: [{ name: "_F_SYS_PATH" }] }),
      podOf({ volumes: [{ name: "a" }] }),
      `${pod}.volumes[_F_SYS_PATH]`,
    ],
  ])("is not %s", (_name, expected, stored, field) => {
    expect(between(expected, stored).map((difference) => difference.field)).toContain(field);
  });
});

describe("a pod compared with another", () => {
  const variables = (...names: string[]) => names.map((name) => ({ name, value: name }));

  it.each<[string, JsonObject, JsonObject, Difference[]]>([
    ["nothing and nothing", {}, {}, []],
    ["keys in another order", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ["null and nothing", { a: null, b: 1 }, { b: 1 }, []],
    ["{} and nothing", { a: {}, b: 1 }, { b: 1 }, []],
    ["[] and nothing", { a: [], b: 1 }, { b: 1 }, []],
    ["{} and []", { a: {} }, { a: [] }, []],
    ["what holds only empty things and nothing", { a: { b: [], c: { d: null } }, e: 1 }, { e: 1 }, []],
    ["null and {} in a list", { a: [null, 1] }, { a: [{}, 1] }, []],
    ["an empty text and nothing", { a: { b: "" } }, {}, [{ field: "a", expected: { b: "" }, stored: undefined }]],
    ["an empty text and another", { a: "" }, { a: "b" }, [{ field: "a", expected: "", stored: "b" }]],
    ["false and nothing", { a: false, b: 1 }, { b: 1 }, [{ field: "a", expected: false, stored: undefined }]],
    ["0 and nothing", { a: 0, b: 1 }, { b: 1 }, [{ field: "a", expected: 0, stored: undefined }]],
    ["text and a number", { a: "1" }, { a: 1 }, [{ field: "a", expected: "1", stored: 1 }]],
    ["a list and a mapping", { a: [1] }, { a: { b: 1 } }, [{ field: "a", expected: [1], stored: { b: 1 } }]],
    ["a value and a mapping", { a: 1 }, { a: { b: 1 } }, [{ field: "a", expected: 1, stored: { b: 1 } }]],
    [
      "several fields, in order",
      { b: 1, a: { c: true, d: 1 }, z: [1] },
      { a: { d: 2 }, z: [1] },
      [
        { field: "a.c", expected: true, stored: undefined },
        { field: "a.d", expected: 1, stored: 2 },
        { field: "b", expected: 1, stored: undefined },
      ],
    ],
    [
      "names that every object seems to have",
      { constructor: "a", toString: "b", c: 1 },
      { c: 1, valueOf: "d" },
      [
        { field: "constructor", expected: "a", stored: undefined },
        { field: "toString", expected: "b", stored: undefined },
        { field: "valueOf", expected: undefined, stored: "d" },
      ],
    ],
    [
      "words in a list by their place",
      { args: ["a", "b"] },
      { args: ["b", "a", "c"] },
      [
        { field: "args[0]", expected: "a", stored: "b" },
        { field: "args[1]", expected: "b", stored: "a" },
        { field: "args[2]", expected: undefined, stored: "c" },
      ],
    ],
    [
      "items by their name",
      { env: variables("A", "B") },
      {
        env: [
          { name: "A", value: "A" },
          { name: "B", value: "other" },
        ],
      },
      [{ field: "env[B].value", expected: "B", stored: "other" }],
    ],
    [
      "an item that was put in, as one difference",
      { env: variables("A", "B", "C") },
      { env: variables("A", "C") },
      [{ field: "env[B]", expected: { name: "B", value: "B" }, stored: undefined }],
    ],
    [
      "items in another order",
      { env: variables("A", "B") },
      { env: variables("B", "A") },
      [{ field: "env (order)", expected: ["A", "B"], stored: ["B", "A"] }],
    ],
    [
      "items in another order after one that is in its place",
      { env: variables("A", "B", "C") },
      { env: variables("A", "C", "B") },
      [{ field: "env (order)", expected: ["A", "B", "C"], stored: ["A", "C", "B"] }],
    ],
    [
      "the order of those that both have alone",
      { env: variables("A", "B", "C") },
      { env: variables("C", "D", "A") },
      [
        { field: "env (order)", expected: ["A", "C"], stored: ["C", "A"] },
        { field: "env[B]", expected: { name: "B", value: "B" }, stored: undefined },
        { field: "env[D]", expected: undefined, stored: { name: "D", value: "D" } },
      ],
    ],
    [
      "an item put in, which is no other order",
      { env: variables("A", "C") },
      { env: variables("A", "B", "C") },
      [{ field: "env[B]", expected: undefined, stored: { name: "B", value: "B" } }],
    ],
    [
      "one volume mounted twice by where it is mounted",
      {
        volumeMounts: [
          { name: "v", mountPath: "/a" },
          { name: "v", mountPath: "/b" },
        ],
      },
      {
        volumeMounts: [
          { name: "v", mountPath: "/a" },
          { name: "v", mountPath: "/b", readOnly: true },
        ],
      },
      [{ field: "volumeMounts[/b].readOnly", expected: undefined, stored: true }],
    ],
    [
      "items by their key",
      { tolerations: [{ key: "a", operator: "Exists" }, { key: "b" }] },
      { tolerations: [{ key: "a", operator: "Equal" }, { key: "b" }] },
      [{ field: "tolerations[a].operator", expected: "Exists", stored: "Equal" }],
    ],
    [
      "two items of one name by their place",
      { env: [...variables("A", "A"), { name: "B", value: "1" }] },
      { env: [...variables("A", "A"), { name: "B", value: "2" }] },
      [{ field: "env[2].value", expected: "1", stored: "2" }],
    ],
    [
      "two items of one name on one side by their place",
      { env: variables("A", "B") },
      { env: variables("B", "B") },
      [
        { field: "env[0].name", expected: "A", stored: "B" },
        { field: "env[0].value", expected: "A", stored: "B" },
      ],
    ],
    [
      "items of which one has no name by their place",
      { a: [{ name: "x", b: 1 }, { b: 2 }] },
      { a: [{ name: "x", b: 1 }, { b: 3 }] },
      [{ field: "a[1].b", expected: 2, stored: 3 }],
    ],
    [
      "items whose name is no text by their place",
      { a: [{ name: 1, b: 1 }] },
      { a: [{ name: 1, b: 2 }] },
      [{ field: "a[0].b", expected: 1, stored: 2 }],
    ],
    ["lists in lists", { a: [[1, 2], [3]] }, { a: [[1, 2], [4]] }, [{ field: "a[1][0]", expected: 3, stored: 4 }]],
    ["a list and none", { a: [1], b: 1 }, { b: 1 }, [{ field: "a", expected: [1], stored: undefined }]],
  ])("%s", (_name, expected, stored, differences) => {
    const found = betweenPods({ ...expected, always: 1 }, { ...stored, always: 1 });
    expect(found).toEqual(differences);
    for (const { expected: one, stored: other } of found) {
      for (const value of [one, other]) expect(JSON.parse(JSON.stringify(value ?? null))).toEqual(value ?? null);
    }
  });
});

describe("a definition compared with what was recorded", () => {
  const wanted = define(settingsOf(), ownTemplate).spec;

  it.each([
    ["taskTemplate.type", "other-container"],
    ["taskTemplate.config.primary_container_name", "sidecar"],
    ["taskTemplate.metadata.discoverable", false],
    ["taskTemplate.metadata.interruptible", true],
    ["taskTemplate.metadata.discoveryVersion", "other"],
    ["environment.name", "other"],
    ["taskTemplate.k8sPod.podSpec.containers[main].args[0]", "other"],
    ["taskTemplate.k8sPod.podSpec.containers[main].env[UNION_IMAGE_NAME_PREFIX].value", "other"],
    ["taskTemplate.k8sPod.podSpec.containers[main].env[ORGANIZATION].valueFrom.fieldRef.fieldPath", "other"],
    ["taskTemplate.k8sPod.podSpec.containers[main].volumeMounts[/var/run/secrets/union/registry].readOnly", false],
    [
      "taskTemplate.k8sPod.podSpec.volumes[registry-token].projected.sources[0].serviceAccountToken.expirationSeconds",
      3600,
    ],
    ["taskTemplate.interface.inputs.variables[spec].value.type.simple", "INTEGER"],
  ])("shows a change of %s alone", (field, replacement) => {
    const changed = leavesOfSpec(jsonOf(recordedSpec("2.12.1"))).filter((leaf) => leaf.field === field);
    expect(changed).toHaveLength(1);
    const stored = specFrom(changed[0]?.with(replacement) ?? {});
    expect(differencesBetween(wanted, stored).map((difference) => difference.field)).toEqual([field]);
  });

  it("shows all of it where nothing is stored", () => {
    const fields = differencesBetween(wanted, specFrom({})).map(({ field }) => field);
    expect(fields).toEqual(["environment", "shortName", "taskTemplate"]);
  });

  it("shows a task of another kind", () => {
    const other = specFrom({ taskTemplate: { type: "python", container: { image: "a" } } });
    const fields = differencesBetween(wanted, other).map(({ field }) => field);
    expect(fields).toEqual(
      expect.arrayContaining(["taskTemplate.container", "taskTemplate.k8sPod", "taskTemplate.type"]),
    );
  });
});

/** The key by which the items of these lists are named, once more: every other list goes by place. */
const names: ReadonlyMap<string, string> = new Map([
  ...(["containers", "env", "volumes"] as const).map((list) => [list, "name"] as const),
  ...(["tolerations", "variables", "items"] as const).map((list) => [list, "key"] as const),
  ["volumeMounts", "mountPath"],
]);

interface SpecLeaf {
  field: string;
  value: JsonValue;
  /** Whether it is the name by which the item around it is known. */
  isName: boolean;
  /** The whole with another value in this place. */
  with: (value: JsonValue) => JsonValue;
  /** The whole without the key of this value. */
  without: () => JsonValue;
}

/** Every value of a spec, with the field that a difference of it is to have. */
function leavesOfSpec(spec: JsonValue): SpecLeaf[] {
  const walk = (value: JsonValue, field: string, around: readonly (string | number)[], list = ""): SpecLeaf[] => {
    if (Array.isArray(value)) {
      const key = names.get(list);
      return value.flatMap((item, index) => {
        const name = key === undefined || typeof item !== "object" ? index : (item as JsonObject)[key];
        return walk(item, `${field}[${name}]`, [...around, index], key === undefined ? "" : `named by ${key}`);
      });
    }
    if (typeof value === "object" && value !== null) {
      return Object.entries(value).flatMap(([key, inner]) => {
        const leaves = walk(inner, field === "" ? key : `${field}.${key}`, [...around, key], key);
        return leaves.map((leaf) => ({ ...leaf, isName: leaf.isName || list === `named by ${key}` }));
      });
    }
    const replaced = (change: (parent: object, key: string | number) => void) => {
      const whole = structuredClone({ spec });
      const parent = ["spec", ...around.slice(0, -1)].reduce<object>((inner, key) => Reflect.get(inner, key), whole);
      change(parent, around.at(-1) ?? "");
      return whole.spec;
    };
    return [
      {
        field,
        value,
        isName: false,
        with: (other) =>
          replaced((parent, key) => Object.defineProperty(parent, key, { value: other, enumerable: true })),
        without: () => replaced((parent, key) => Reflect.deleteProperty(parent, key)),
      },
    ];
  };
  return walk(spec, "", []);
}

describe("random specs", () => {
  const word = fc.oneof(fc.string({ minLength: 1, maxLength: 4 }), fc.constantFrom("constructor", "toString", "a.b"));
  const key = word.filter((text) => !["__proto__", "name", "key", "mountPath", ...names.keys()].includes(text));
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const { free } = fc.letrec<{ free: JsonValue }>((tie) => ({
    free: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("free"), { minLength: 1, maxLength: 3 }),
      fc.dictionary(key, tie("free"), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const texts = fc.dictionary(key, fc.string(), { maxKeys: 3, noNullPrototype: true });
  const listOf = (name: string, more: fc.Arbitrary<JsonObject>) =>
    fc
      .uniqueArray(fc.tuple(word, more), { selector: ([text]) => text, maxLength: 3 })
      .map((items) => items.map(([text, rest]): JsonValue => ({ ...rest, [name]: text })));
  const anything = fc.dictionary(key, free, { maxKeys: 3, noNullPrototype: true });
  const container = fc.record({
    args: fc.array(word, { maxLength: 4 }),
    env: listOf("name", fc.record({ value: fc.string() })).map((env) => [...env, { name: "_F_SYS_PATH", value: "." }]),
    volumeMounts: listOf("mountPath", fc.record({ name: word })),
    resources: anything,
  });
  const podSpec = fc.record({
    nodeSelector: texts,
    affinity: anything,
    volumes: listOf("name", anything),
    tolerations: listOf("key", anything),
    containers: listOf("name", container),
  });
  const metadata = fc.record({ labels: texts, annotations: texts });
  const spec = fc.record({ shortName: word, type: word, discoveryVersion: word, config: texts, metadata, podSpec }).map(
    ({ shortName, type, discoveryVersion, config, ...k8sPod }): JsonObject => ({
      shortName,
      taskTemplate: { type, config, metadata: { discoveryVersion, discoverable: true }, k8sPod },
    }),
  );

  it("differ in nothing from themselves, whatever the order of their keys and whatever is empty", () => {
    fc.assert(
      fc.property(spec, (json) => {
        expect(between(json, json)).toEqual([]);
        expect(
          between(
            json,
            rewritten(json, (entries) => entries.toReversed()),
          ),
        ).toEqual([]);
        const emptied = rewritten(json, (entries) => [...entries, ["an empty one", {}], ["another", []]]);
        expect(between(podOnly(json), podOnly(emptied))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("differ from one another in the same fields both ways", () => {
    fc.assert(
      fc.property(spec, spec, (one, other) => {
        const there = between(one, other);
        const back = between(other, one).map(({ field, expected, stored }) => ({
          field,
          expected: stored,
          stored: expected,
        }));
        expect(back).toEqual(there);
        expect(there.map(({ field }) => field)).toEqual(there.map(({ field }) => field).toSorted());
      }),
      { numRuns: 200 },
    );
  });

  it("differ in one field where one value is another", () => {
    let changed = 0;
    fc.assert(
      fc.property(spec, fc.nat(), (json, choice) => {
        const leaves = leavesOfSpec(json).filter(({ isName, field }) => !isName && !field.includes("_F_SYS_PATH"));
        const chosen = leaves[choice % leaves.length];
        if (!chosen) throw new Error("the spec is empty");
        const { value } = chosen;
        const other = typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `${value}'`;
        const stored = other === false && chosen.field === "taskTemplate.metadata.discoverable" ? undefined : other;
        expect(between(json, chosen.with(other))).toEqual([{ field: chosen.field, expected: value, stored }]);
        changed++;
      }),
      { numRuns: 500 },
    );
    expect(changed).toBeGreaterThanOrEqual(500);
  });

  it("differ in one field where one value is missing", () => {
    fc.assert(
      fc.property(spec, fc.nat(), (json, choice) => {
        const leaves = leavesOfSpec(json).filter(
          ({ isName, field }) => !isName && !field.includes("_F_SYS_PATH") && !/\]$/.test(field),
        );
        const chosen = leaves[choice % leaves.length];
        const differences = between(json, chosen?.without() ?? {});
        expect(differences).toHaveLength(1);
        expect(differences[0]?.stored).toBeUndefined();
        // Where nothing is left around it, that is missing too.
        expect(chosen?.field.startsWith(differences[0]?.field ?? "?")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** Every mapping with other entries. */
function rewritten(value: JsonValue, change: (entries: [string, JsonValue][]) => [string, JsonValue][]): JsonValue {
  if (Array.isArray(value)) return value.map((inner) => rewritten(inner, change));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, JsonValue] => [key, rewritten(inner, change)]);
  return Object.fromEntries(change(entries));
}

/** The pod of a spec in a spec: only there are fields free. */
function podOnly(spec: JsonValue): JsonObject {
  const { taskTemplate } = spec as { taskTemplate: { k8sPod: { podSpec: JsonObject } } };
  return podOf(taskTemplate.k8sPod.podSpec);
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cacheKey, pythonJson } from "../../src/definition/cache-key.ts";
import { define } from "../../src/definition/definition.ts";
import { hostileText } from "../../testing/conformance/hostile-text.ts";
import { dumped } from "./python.ts";
import { changedTemplate, ownTemplate, recordedSpec, settingsOf } from "./samples.ts";

const recorded = recordedSpec("2.12.1").taskTemplate?.metadata?.discoveryVersion;
const image = "public.ecr.aws/g1m2l3c1/imagebuilder-staging/build-image:2026.3.4";
const frontend = "public.ecr.aws/g1m2l3c1/imagebuilder-staging/frontend-v2:2026.3.4";
const command = [
  "imagebuild",
  "--logger.formatter.type=text",
  "--logger.level=5",
  "--context",
  "{{.inputs.context}}",
  "--frontend",
  frontend,
  "--remote-outputs-prefix",
  "{{.outputPrefix}}",
  "--spec",
  "{{.inputs.spec}}",
  "--target-image",
  "{{.inputs.target_image}}",
  "--optimize",
];

describe("the cache key", () => {
  it("is the one that the SDK was recorded to store", () => {
    expect(recorded).toMatch(/^[0-9a-f]{64}$/);
    expect(cacheKey(image, command)).toBe(recorded);
  });

  it("is another with each other image, word and order", () => {
    const keys = [
      cacheKey(image, command),
      cacheKey(`${image}1`, command),
      cacheKey(image, command.slice(1)),
      cacheKey(image, [...command, ""]),
      cacheKey(image, command.toReversed()),
      cacheKey(image, [command.join(" ")]),
      cacheKey("", []),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("the cache key of a definition", () => {
  const keyOf = (given: { [key: string]: unknown }, template = ownTemplate) =>
    define(settingsOf(given), template).spec.taskTemplate?.metadata?.discoveryVersion;

  it.each([
    { appVersion: "2026.3.5" },
    { task: { images: { buildImage: "a.example/b:1" } } },
    { task: { images: { frontend: "a.example/b:1" } } },
    { task: { imageNamePrefix: "a.example" } },
    { task: { logLevel: 4 } },
  ])("is another with %j", (given) => {
    expect(keyOf(given)).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf(given)).not.toBe(recorded);
  });

  it.each([
    {},
    { release: { cluster: "a", namespace: "b", name: "c" } },
    { task: { project: "a", domain: "b", configMapName: "c" } },
    { task: { podTemplate: { labels: { a: "b" }, annotations: { a: "b" }, nodeSelector: { a: "b" } } } },
    { task: { podTemplate: { tolerations: [{ key: "a" }], resources: { limits: { cpu: 1 } } } } },
    { task: { podTemplate: { env: [{ name: "A", value: "b" }], serviceAccountName: "a" } } },
  ])("is the recorded one with %j, by which data planes share their cached images", (given) => {
    expect(keyOf(given)).toBe(recorded);
  });

  it("is made of command and arguments, as the SDK takes both for the command", () => {
    const split = changedTemplate(
      ["command: []", "command: [imagebuild, --logger.formatter.type=text]"],
      ["            - imagebuild\n            - --logger.formatter.type=text\n", ""],
    );
    expect(keyOf({}, split)).toBe(recorded);
  });

  it("is of the primary container", () => {
    const sidecar = changedTemplate([
      "containers:\n",
      "containers:\n        - {name: sidecar, image: a.example/b:1}\n",
    ]);
    expect(keyOf({}, sidecar)).toBe(recorded);
  });

  it("stays where a template has its own", () => {
    const own = changedTemplate(["discoverable: true", "discoverable: true\n    discoveryVersion: mine"]);
    expect(keyOf({}, own)).toBe("mine");
  });
});

describe("JSON as Python spells it", () => {
  it.each([
    ["a", '"a"'],
    [["a", []], '["a", []]'],
    [{ b: "1", a: { d: [], c: "" } }, '{"a": {"c": "", "d": []}, "b": "1"}'],
    ["\x7f\x80é😀", String.raw`"\u007f\u0080\u00e9\ud83d\ude00"`],
    ['\n\t\0\b"\\/', String.raw`"\n\t\u0000\b\"\\/"`],
  ])("of %j", (value, json) => {
    expect(pythonJson(value)).toBe(json);
  });

  it("is what json.dumps gives for any text, list and mapping", () => {
    // Keys are ours: Python orders them by code points, which beyond ASCII is not JavaScript's order.
    const key = fc.string({ unit: "grapheme-ascii", maxLength: 4 });
    const { value } = fc.letrec<{ value: Parameters<typeof pythonJson>[0] }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        hostileText,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 300, maxLength: 600, size: "max" }), (values) => {
        const written = values.map(pythonJson);
        expect(written).toHaveLength(values.length);
        expect(written).toEqual(dumped(values));
      }),
      { numRuns: 5 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextOf, type DefinitionSettings } from "../../src/definition/context.ts";
import type { Template } from "../../src/definition/template.ts";
import { renderYaml } from "../../src/definition/yaml-template.ts";
import {
  harmlessTexts,
  hostileText,
  hostileTexts,
  type Place,
  places,
  settingsWith,
  type Texts,
} from "../../testing/conformance/hostile-text.ts";
import { valueAt } from "../settings/samples.ts";
import { treeOfOwnTemplate } from "./expected.ts";
import { canonical, leavesOf, ownTemplate, settingsOf, templateOf } from "./samples.ts";

/** A template of a user's that puts values in places of every kind. */
const usersTemplate = templateOf(`
# {{yaml appVersion}}
block: {{yaml appVersion}}
three-braces: {{{yaml imageNamePrefix}}}
tagged: !!str {{yaml configMapName}}
anchored: &anchor {{yaml images.buildImage}}
alias: *anchor
looked-up: {{yaml (lookup images 'frontend')}}
on-the-next-line:
  {{yaml appVersion}}
flow: {one: {{yaml appVersion}}, two: [{{yaml configMapName}}, [{{{yaml images.frontend}}}]], three: {deep: {{yaml appVersion}} } }
as-json: {"one":{{yaml appVersion}},"two":{{yaml imageNamePrefix}} }
list:
  - {{yaml images.buildImage}}
  - - {{yaml images.frontend}}
    - deep: {{yaml appVersion}}
  - {{yaml podTemplate.labels}}
keys:
  {{#each podTemplate.labels}}
  {{yaml @key}}: {{yaml this}}
  {{/each}}
explicit-keys:
  {{#each podTemplate.annotations}}
  ? {{{yaml @key}}}
  : {{yaml this}}
  {{/each}}
flow-keys: { {{#each podTemplate.nodeSelector as |value key|}}{{yaml key}}: {{yaml value}}, {{/each}} }
key-of-a-mapping:
  {{yaml podTemplate.serviceAccountName}}:
    inside: {{yaml appVersion}}
{{#with podTemplate}}
account: {{yaml serviceAccountName}}
each:
  {{#each env}}
  - {name: {{yaml name}}, place: {{yaml @index}}, value: {{yaml this.value}} }
  {{/each}}
  {{#each tolerations}}
  - {{yaml key}}
  - {{yaml this.value}}
  {{/each}}
{{/with}}
{{#unless podTemplate.imagePullSecrets}}
never: {{yaml appVersion}}
{{else}}
secrets: {{yaml podTemplate.imagePullSecrets}}
{{/unless}}
{{#if podTemplate.resources}}
limits: {{yaml podTemplate.resources.limits}}
{{/if}}
whole: {{yaml podTemplate}}
level: {{yaml logLevel}}
`);

/** What that template is to give, as plain objects. */
function treeOfUsersTemplate({ appVersion, task }: DefinitionSettings) {
  const { imageNamePrefix, images, configMapName, podTemplate } = task;
  return {
    block: appVersion,
    "three-braces": imageNamePrefix,
    tagged: configMapName,
    anchored: images.buildImage,
    alias: images.buildImage,
    "looked-up": images.frontend,
    "on-the-next-line": appVersion,
    flow: { one: appVersion, two: [configMapName, [images.frontend]], three: { deep: appVersion } },
    "as-json": { one: appVersion, two: imageNamePrefix },
    list: [images.buildImage, [images.frontend, { deep: appVersion }], podTemplate.labels],
    keys: podTemplate.labels,
    "explicit-keys": podTemplate.annotations,
    "flow-keys": podTemplate.nodeSelector,
    "key-of-a-mapping": { [`${podTemplate.serviceAccountName}`]: { inside: appVersion } },
    account: podTemplate.serviceAccountName,
    each: [
      ...podTemplate.env.map(({ name, value }, place) => ({ name, place, value })),
      ...podTemplate.tolerations.flatMap(({ key, value }) => [key, value]),
    ],
    secrets: podTemplate.imagePullSecrets,
    limits: podTemplate.resources.limits,
    whole: podTemplate,
    level: task.logLevel,
  };
}

type Paths = (texts: Texts) => readonly (readonly [Place, ...string[]])[];

/** Where each text of the settings is to stand, its own keys among the keys on the way. */
const pathsInOwn: Paths = (texts) => {
  const metadata = ["taskTemplate", "k8sPod", "metadata"];
  const podSpec = ["taskTemplate", "k8sPod", "podSpec"];
  const container = [...podSpec, "containers", "0"];
  return [
    ["labelValue", ...metadata, "labels", texts.labelKey],
    ["annotationValue", ...metadata, "annotations", texts.annotationKey],
    ["selectorValue", ...podSpec, "nodeSelector", texts.selectorKey],
    ["tolerationKey", ...podSpec, "tolerations", "0", "key"],
    ["tolerationValue", ...podSpec, "tolerations", "0", "value"],
    ["serviceAccountName", ...podSpec, "serviceAccountName"],
    ["pullSecret", ...podSpec, "imagePullSecrets", "0", "name"],
    ["buildImage", ...container, "image"],
    ["frontend", ...container, "args", "6"],
    ["resourceAmount", ...container, "resources", "limits", texts.resourceName],
    ["configMapName", ...container, "env", "1", "valueFrom", "configMapKeyRef", "name"],
    ["configMapName", ...container, "env", "2", "valueFrom", "configMapKeyRef", "name"],
    ["configMapName", ...container, "env", "3", "valueFrom", "configMapKeyRef", "name"],
    ["imageNamePrefix", ...container, "env", "4", "value"],
    ["configMapName", ...container, "env", "5", "valueFrom", "configMapKeyRef", "name"],
    ["variableName", ...container, "env", "6", "name"],
    ["variableValue", ...container, "env", "6", "value"],
    ["configMapName", ...podSpec, "volumes", "1", "configMap", "name"],
  ];
};

const pathsInUsers: Paths = (texts) => [
  ["appVersion", "block"],
  ["appVersion", "flow", "three", "deep"],
  ["appVersion", "key-of-a-mapping", texts.serviceAccountName, "inside"],
  ["imageNamePrefix", "three-braces"],
  ["configMapName", "tagged"],
  ["buildImage", "alias"],
  ["frontend", "list", "1", "0"],
  ["labelValue", "list", "2", texts.labelKey],
  ["labelValue", "keys", texts.labelKey],
  ["annotationValue", "explicit-keys", texts.annotationKey],
  ["selectorValue", "flow-keys", texts.selectorKey],
  ["serviceAccountName", "account"],
  ["variableName", "each", "0", "name"],
  ["variableValue", "each", "0", "value"],
  ["tolerationKey", "each", "1"],
  ["tolerationValue", "each", "2"],
  ["pullSecret", "secrets", "0", "name"],
  ["resourceAmount", "limits", texts.resourceName],
  ["resourceAmount", "whole", "resources", "limits", texts.resourceName],
];

// Keys are looked up above by what they are; these places are seen there or name only the owner.
const keyPlaces: readonly Place[] = ["labelKey", "annotationKey", "selectorKey", "resourceName"];
const ownerPlaces: readonly Place[] = ["cluster", "namespace", "name"];

describe.each<[string, Template, (settings: DefinitionSettings) => object, Paths, number, readonly Place[]]>([
  ["the program's own template", ownTemplate, treeOfOwnTemplate, pathsInOwn, 81, ["appVersion"]],
  ["a user's template", usersTemplate, treeOfUsersTemplate, pathsInUsers, 41, []],
])("no setting adds or changes another field in %s", (_name, template, expectedTree, paths, count, unused) => {
  const treeOf = (texts: Texts) => renderYaml(template, contextOf(settingsWith(texts)));
  const harmless = leavesOf(treeOf(harmlessTexts));
  const listed = (leaves: ReturnType<typeof leavesOf>) => leaves.map((leaf) => JSON.stringify(leaf)).sort();

  it("is seen in all its places", () => {
    expect(harmless).toHaveLength(count);
    const seen = new Set(paths(harmlessTexts).map(([place]) => place));
    expect(new Set([...seen, ...keyPlaces, ...ownerPlaces, ...unused])).toEqual(new Set(places));
    for (const place of unused) expect(seen).not.toContain(place);
  });

  it("whatever is in it", () => {
    let rows = 0;
    fc.assert(
      fc.property(hostileTexts, (texts) => {
        rows++;
        const tree = treeOf(texts);
        expect(canonical(tree)).toBe(canonical(expectedTree(settingsWith(texts))));
        // Once more without the expected tree: the harmless leaves, with each text in the place of its name.
        const hostile = new Map<unknown, string>(places.map((place) => [harmlessTexts[place], texts[place]]));
        const moved = harmless.map(({ path, value }) => ({
          path: path.map((key) => hostile.get(key) ?? key),
          value: hostile.get(value) ?? value,
        }));
        expect(listed(leavesOf(tree))).toEqual(listed(moved));
        for (const [place, ...path] of paths(texts)) expect(valueAt(tree, path)).toBe(texts[place]);
      }),
      { numRuns: 300 },
    );
    expect(rows).toBeGreaterThanOrEqual(300);
  });

  it("however many of them there are", () => {
    const mapping = fc.dictionary(hostileText, hostileText, { minKeys: 1, maxKeys: 30, noNullPrototype: true });
    const env = fc.array(fc.record({ name: hostileText, value: hostileText }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(hostileTexts, mapping, mapping, env, (texts, labels, annotations, variables) => {
        const given = settingsWith(texts);
        const podTemplate = { ...given.task.podTemplate, labels, annotations, env: variables };
        const many = { ...given, task: { ...given.task, podTemplate } };
        expect(canonical(renderYaml(template, contextOf(many)))).toBe(canonical(expectedTree(many)));
      }),
      { numRuns: 200 },
    );
  });
});

const context = contextOf(
  settingsOf({ task: { imageNamePrefix: "registry.example.com", podTemplate: { labels: { a: "1", b: "2" } } } }),
);
const rendered = (text: string) => renderYaml(templateOf(text), context);

describe("a YAML template", () => {
  it.each([
    ["a value", "v: {{yaml appVersion}}", { v: "2026.3.4" }],
    ["a number", "v: {{yaml logLevel}}", { v: 5 }],
    ["a whole mapping", "v: {{yaml podTemplate.labels}}", { v: { a: "1", b: "2" } }],
    ["nothing under a key whose value is null", "v: {{yaml podTemplate.env}}\nw: null\nx: ~\ny:\nz: 1", { z: 1 }],
    ["an item that is null", "[{{yaml podTemplate.env}}, null]", [null, null]],
    ["an empty mapping, list and text", "{a: {}, b: [], c: ''}", { a: {}, b: [], c: "" }],
    ["a value alone", "{{yaml appVersion}}", "2026.3.4"],
    ["null where it is empty", "", null],
    ["the braces of Flyte's own inputs", String.raw`v: "\{{.inputs.spec}}"`, { v: "{{.inputs.spec}}" }],
    ["no more for what stands in a comment", "v: a # {{yaml appVersion}}", { v: "a" }],
    ["a value once more by an alias", "v: &a {{yaml appVersion}}\nw: *a", { v: "2026.3.4", w: "2026.3.4" }],
    ["yes and dates as text", "{v: yes, w: 2026-03-04, x: 010}", { v: "yes", w: "2026-03-04", x: 10 }],
    ["<< as a key", "{<<: {a: 1}}", { "<<": { a: 1 } }],
    ["a key of digits", "{1: a}", { "1": "a" }],
  ])("gives %s", (_name, text, tree) => {
    expect(canonical(rendered(text))).toBe(canonical(tree));
  });

  const whole = "{{yaml …}} must be a whole value, outside of quotation marks and comments";
  const mark = "it contains the character U+E000, which is reserved";
  it.each([
    ["a value in single quotes", "a: {b: ['{{yaml appVersion}}']}", `a.b[0]: ${whole}`],
    [
      "a value in double quotes",
      'a: "{{yaml appVersion}}"',
      /^the rendered text is not YAML: Unexpected scalar at node end at line 1, column \d+$/,
    ],
    ["a value amid double quotes", 'a: ["b {{yaml appVersion}} c"]', /at line 1, column \d+$/],
    ["text before a value", "a: v{{yaml appVersion}}", `a: ${whole}`],
    [
      "text after a value",
      "a: {{yaml appVersion}}-1",
      /^the rendered text is not YAML: Unexpected scalar at node end at line 1, column \d+$/,
    ],
    ["two values in one", "a: {{yaml appVersion}}{{yaml appVersion}}", /at line 1, column \d+$/],
    ["a value in a block of text", "a: |\n  {{yaml appVersion}}", `a: ${whole}`],
    ["a value in folded text", "a:\n  - b\n    {{yaml appVersion}}", `a[0]: ${whole}`],
    ["a part of a key", "a:\n  b-{{yaml appVersion}}: c", `a: ${whole}`],
    ["a key in single quotes", "'{{yaml appVersion}}': c", whole],
    ["a list as a key", "a: {? [{{yaml appVersion}}] : b}", `a: ${whole}`],
    ["a key that is a mapping", "a:\n  {{yaml images}}: b", "a: {{yaml …}} is used as a key, but is not text"],
    ["a key that is a number", "{{yaml logLevel}}: b", "{{yaml …}} is used as a key, but is not text"],
    ["a key that is null", "{{yaml podTemplate.env}}: b", "{{yaml …}} is used as a key, but is not text"],
    ["a value that eats the space before it", "a: b\nc:   {{~yaml appVersion}}", /at line 2, column \d+$/],
    ["the mark of a placeholder", "a: \uE000", mark],
    ["a placeholder of its own", 'a: "\uE0000\uE000"', mark],
    ["an escaped placeholder of its own", String.raw`a: "\uE0000\ue000"`, mark],
    ["an escaped mark in eight digits", String.raw`a: "\U0000e0000\U0000E000"`, mark],
    ["YAML that does not end", "a: [b", /^the rendered text is not YAML: Flow sequence .* at line 1, column 6$/],
    [
      "two documents",
      "a: b\n---\nc: d",
      /^the rendered text is not YAML: Source contains multiple documents.* at line 2, column 1$/,
    ],
    ["two equal keys", "a: 1\na: 2", "the rendered text is not YAML: Map keys must be unique at line 2, column 1"],
    ["an unknown tag", "a: !mine b", "the rendered text is not YAML: Unresolved tag at line 1, column 4"],
    ["a set", "a: !!set {b}", "the rendered text is not YAML: Unresolved tag at line 1, column 4"],
    [
      "a mapping with an order",
      "a: !!omap [b: c]",
      "the rendered text is not YAML: Unresolved tag at line 1, column 4",
    ],
    ["bytes", "a: !!binary AAAA", "the rendered text is not YAML: Unresolved tag at line 1, column 4"],
    ["a date of YAML 1.1", "%YAML 1.1\n---\na: {b: 2026-03-04}", "a.b: is not a JSON value"],
    ["NaN", "a: [b, .nan]", "a[1]: is not a JSON value"],
    ["Infinity", "{a: {b: -.inf}}", "a.b: is not a JSON value"],
  ])("is refused with %s", (_name, text, why) => {
    const sentence = typeof why === "string" ? new RegExp(`^${RegExp.escape(why)}$`) : why;
    expect(() => rendered(text)).toThrow(expect.objectContaining({ message: expect.stringMatching(sentence) }));
  });

  it("takes a key of any length, which YAML does not", () => {
    const labels = { ["k".repeat(5_000)]: "v".repeat(100_000) };
    const text = "labels:\n  {{#each podTemplate.labels}}\n  {{yaml @key}}: {{yaml this}}\n  {{/each}}";
    const long = contextOf(settingsOf({ task: { podTemplate: { labels } } }));
    expect(canonical(renderYaml(templateOf(text), long))).toBe(canonical({ labels }));
  });

  it("is refused where a setting's key would be one of its own", () => {
    const text = "labels:\n  {{#each podTemplate.labels}}\n  {{yaml @key}}: {{yaml this}}\n  {{/each}}\n  team: mine";
    const labels = (team: string) => contextOf(settingsOf({ task: { podTemplate: { labels: { [team]: "theirs" } } } }));
    expect(renderYaml(templateOf(text), labels("other"))).toEqual({ labels: { other: "theirs", team: "mine" } });
    expect(() => renderYaml(templateOf(text), labels("team"))).toThrow(
      "labels.team: two keys of one mapping are equal",
    );
  });
});

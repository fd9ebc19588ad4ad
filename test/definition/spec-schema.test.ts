import { describe, expect, it } from "vitest";
import { define } from "../../src/definition/definition.ts";
import { valueAt } from "../settings/samples.ts";
import { changedTemplate, jsonOf, settingsOf, templateOf, whyUnusable } from "./samples.ts";

type Change = readonly [string, string];

const whyNot = (...changes: readonly Change[]) => whyUnusable(() => define(settingsOf(), changedTemplate(...changes)));
const podSpec = ["taskTemplate", "k8sPod", "podSpec"];
const specOf = (...changes: readonly Change[]) => jsonOf(define(settingsOf(), changedTemplate(...changes)).spec);

const nodeSelector = "nodeSelector: {{yaml podTemplate.nodeSelector}}";
const tolerations = "tolerations: {{yaml podTemplate.tolerations}}";
const resources = "resources: {{yaml podTemplate.resources}}";
const pullSecrets = "imagePullSecrets: {{yaml podTemplate.imagePullSecrets}}";
const prefixVariable = "value: {{yaml imageNamePrefix}}";
const pod = "taskTemplate.k8sPod.podSpec";
const main = `${pod}.containers[0]`;

describe("a template of a user's is checked as ours is", () => {
  it("in the place where our own stands, and taken unchanged", () => {
    expect(specOf(["shortName: build-image", "shortName: build-image"])).toMatchObject({ shortName: "build-image" });
  });

  it.each<[string, string, readonly Change[]]>([
    [
      "a field that a TaskSpec has not",
      'flyteidl2.task.TaskSpec from JSON: key "shortNam"',
      [["shortName:", "shortNam:"]],
    ],
    [
      "a field that a TaskTemplate has not",
      'flyteidl2.core.TaskTemplate from JSON: key "typ"',
      [["type: raw-container", "typ: raw-container"]],
    ],
    ["a word that the protobuf has not", '"STRNG"', [["simple: STRING", "simple: STRNG"]]],
    ["a number for text of the protobuf", "got 1", [["labels: {{yaml podTemplate.labels}}", "labels: {a: 1}"]]],
    [
      "a number for an annotation",
      "taskTemplate.k8sPod.metadata.annotations.a: ",
      [["annotations: {{yaml podTemplate.annotations}}", "annotations: {a: 1}"]],
    ],
    ["a field that a pod has not", `${pod} has no field nodeSelektor`, [[nodeSelector, "nodeSelektor: {a: b}"]]],
    ["a merge", `${pod} has no field <<`, [[nodeSelector, "<<: {hostNetwork: true}"]]],
    [
      "a field that a container has not",
      `${main} has no field imagePullPolcy`,
      [["imagePullPolicy:", "imagePullPolcy:"]],
    ],
    [
      "a field that an init container has not",
      `${pod}.initContainers[0] has no field imag`,
      [[nodeSelector, "initContainers: [{name: a, imag: b}]"]],
    ],
    [
      "a mistyped toleration",
      `${pod}.tolerations[0] has no field opertor`,
      [[tolerations, "tolerations: [{opertor: a}]"]],
    ],
    [
      "a toleration of text seconds",
      `${pod}.tolerations[0].tolerationSeconds: `,
      [[tolerations, 'tolerations: [{tolerationSeconds: "3"}]']],
    ],
    [
      "a mistyped pull secret",
      `${pod}.imagePullSecrets[0] has no field nam`,
      [[pullSecrets, "imagePullSecrets: [{name: a, nam: a}]"]],
    ],
    [
      "a quantity that is none",
      `${main}.resources.limits.cpu: is not a quantity`,
      [[resources, "resources: {limits: {cpu: 4 Gi}}"]],
    ],
    ["mistyped resources", `${main}.resources has no field limit`, [[resources, "resources: {limit: {cpu: 1}}"]]],
    ["a number as a variable", `${main}.env[4].value: `, [[prefixVariable, "value: 5"]]],
    [
      "a variable of two values",
      `${main}.env[4].valueFrom: is set in addition to value`,
      [[prefixVariable, "value: a\n              valueFrom: {fieldRef: {fieldPath: a}}"]],
    ],
    ["a number as an argument", `${main}.args[1]: `, [["- --logger.formatter.type=text", "- 5"]]],
    ["a container without a name", `${main}.name is missing`, [["- name: main\n          image:", "- image:"]]],
    [
      "an id",
      "taskTemplate.id: cannot be set by a template",
      [["type: raw-container", "type: raw-container\n  id: {name: a}"]],
    ],
    [
      "no primary container named",
      "taskTemplate.config.primary_container_name is missing",
      [["primary_container_name:", "primary:"]],
    ],
    [
      "a primary container that is not there",
      `${pod}.containers: no container is named other`,
      [["primary_container_name: main", "primary_container_name: other"]],
    ],
    [
      "a primary container without an image",
      `${pod}.containers: no container is named main and has an image`,
      [["image: {{yaml images.buildImage}}", ""]],
    ],
    ["no k8sPod", "taskTemplate.k8sPod is missing", [["k8sPod:", "other:"]]],
    ["no pod", `${pod} is missing`, [["podSpec:", "podSpek:"]]],
    [
      "no metadata",
      "taskTemplate.metadata is missing",
      [["  metadata:\n    discoverable:", "  other:\n    discoverable:"]],
    ],
    ["no task", "taskTemplate is missing", [["taskTemplate:", "taskTemplat:"]]],
    [
      "NaN in the pod",
      `${main}.imagePullPolicy: is not a JSON value`,
      [["imagePullPolicy: Always", "imagePullPolicy: .nan"]],
    ],
    ["Infinity in the pod", `${pod}.priority: is not a JSON value`, [[nodeSelector, "priority: .inf"]]],
    ["half a character", "invalid UTF8", [["shortName: build-image", String.raw`shortName: "\uD800"`]]],
    ["YAML that does not end", "at line 2, column 1", [["shortName: build-image", "shortName: [build-image"]]],
    [
      "two equal keys",
      "Map keys must be unique at line 2, column 1",
      [["shortName: build-image", "shortName: a\nshortName: b"]],
    ],
    [
      "a value pasted plainly",
      "line 45: write {{yaml images.buildImage}} instead of {{images.buildImage}}",
      [["{{yaml images.buildImage}}", "{{images.buildImage}}"]],
    ],
    [
      "a name that is not given",
      "line 45: {{yaml …}} names an unknown value",
      [["{{yaml images.buildImage}}", "{{yaml images.worker}}"]],
    ],
    [
      "a part of a value",
      `${main}.image: {{yaml …}} must be a whole value`,
      [["image: {{yaml images.buildImage}}", "image: a.example/{{yaml appVersion}}"]],
    ],
    [
      "a value in quotation marks",
      `${main}.image: {{yaml …}} must be a whole value`,
      [["image: {{yaml images.buildImage}}", "image: '{{yaml images.buildImage}}'"]],
    ],
    [
      "U+E000",
      "it contains the character U+E000, which is reserved",
      [["shortName: build-image", "shortName: \uE000"]],
    ],
  ])("%s", (_name, why, changes) => {
    expect(whyNot(...changes)).toContain(why);
  });

  it.each([
    ["no containers", "", "containers is missing"],
    ["an empty list of containers", "      containers: []\n", "containers: is empty"],
  ])("%s", (_name, instead, why) => {
    const part = /^ {6}containers:\n[\s\S]*?(?=^ {6}volumes:)/m;
    const { text } = changedTemplate();
    expect(text).toMatch(part);
    const without = templateOf(text.replace(part, instead));
    expect(whyUnusable(() => define(settingsOf(), without))).toContain(`${pod}.${why}`);
  });

  it.each(["", "# nothing", "- a", "some words", "{{yaml appVersion}}"])("what is no mapping: %j", (text) => {
    expect(whyUnusable(() => define(settingsOf(), templateOf(text)))).toMatch(/expected object/);
  });

  it("names every wrong place", () => {
    const why = whyNot([tolerations, "tolerations: [{opertor: a}]"], [resources, "resources: {limit: {cpu: 1}}"]);
    expect(why).toContain(`${pod}.tolerations[0] has no field opertor`);
    expect(why).toContain(`${main}.resources has no field limit`);
  });
});

describe("a template of a user's may", () => {
  it("give quantities as numbers, as kubectl takes them", () => {
    const spec = specOf([resources, "resources: {limits: {cpu: 2, memory: 4Gi}, requests: {cpu: 0.5}}"]);
    expect(valueAt(spec, [...podSpec, "containers", "0", "resources"])).toEqual({
      limits: { cpu: "2", memory: "4Gi" },
      requests: { cpu: "0.5" },
    });
  });

  it("leave out what is null", () => {
    const spec = specOf([tolerations, "tolerations: [{key: a, value: null, effect: }]"], [resources, "resources:"]);
    expect(valueAt(spec, [...podSpec, "tolerations"])).toEqual([{ key: "a" }]);
    expect(valueAt(spec, [...podSpec, "containers", "0"])).not.toHaveProperty("resources");
  });

  it("give the cache key, which stays, and more containers, volumes and fields of a pod", () => {
    const spec = specOf(
      ["discoverable: true", "discoverable: true\n    discoveryVersion: mine"],
      [nodeSelector, "hostNetwork: true\n      initContainers: [{name: a, image: b}]"],
      ["containers:\n", "containers:\n        - {name: sidecar, image: b, ports: [{containerPort: 1}]}\n"],
    );
    expect(valueAt(spec, ["taskTemplate", "metadata", "discoveryVersion"])).toBe("mine");
    expect(valueAt(spec, podSpec)).toMatchObject({
      hostNetwork: true,
      initContainers: [{ name: "a", image: "b" }],
      containers: [{ name: "sidecar", image: "b", ports: [{ containerPort: 1 }] }, { name: "main" }],
    });
  });

  it("have annotations next to the owner's", () => {
    const spec = specOf(["annotations: {{yaml podTemplate.annotations}}", "annotations: {note: mine}"]);
    expect(valueAt(spec, ["taskTemplate", "k8sPod", "metadata", "annotations"])).toEqual({
      note: "mine",
      "image-builder-registrar.union.ai/registered-by": "registrar",
      "image-builder-registrar.union.ai/app-version": "2026.3.4",
    });
  });

  it("have no metadata of the pod at all", () => {
    const spec = specOf([
      "    metadata:\n      labels: {{yaml podTemplate.labels}}\n      annotations: {{yaml podTemplate.annotations}}\n",
      "",
    ]);
    expect(valueAt(spec, ["taskTemplate", "k8sPod", "metadata", "annotations"])).toHaveProperty(
      ["image-builder-registrar.union.ai/registered-by"],
      "registrar",
    );
  });
});

import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { differencesBetween } from "../../src/definition/compare.ts";
import { define, ownerId, specOf, taskYaml } from "../../src/definition/definition.ts";
import { renderPython } from "../../src/definition/python-file.ts";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted } from "../../src/settings/names.ts";
import { takenPodTemplate, takenRelease } from "../../testing/conformance/hostile-text.ts";
import { treeOf, valueAt, valuesOf } from "../settings/samples.ts";
import { treeOfOwnTemplate } from "./expected.ts";
import {
  canonical,
  changedTemplate,
  jsonOf,
  ownTemplate,
  pythonTemplate,
  recordedSpec,
  settingsOf,
  specFrom,
} from "./samples.ts";

type Given = { [key: string]: unknown };

const specWith = (given: Given = {}, template = ownTemplate) => define(settingsOf(given), template).spec;
const changedBy = (given: Given) => differencesBetween(specWith(), specWith(given)).map(({ field }) => field);
const id = { org: "testorg", project: "system", domain: "production", name: "build-image", version: "2026.3.4" };

const annotationKeys = {
  owner: "image-builder-registrar.union.ai/registered-by",
  appVersion: "image-builder-registrar.union.ai/app-version",
};

/** The annotations that a definition is to have, the owner's among them. */
function annotationsOf(given: Given, template = ownTemplate): unknown {
  return valueAt(jsonOf(specWith(given, template)), ["taskTemplate", "k8sPod", "metadata", "annotations"]);
}

/** The program's own template, written with everything else that a template may write values with. */
const writtenOtherwise = changedTemplate(
  [
    "labels: {{yaml podTemplate.labels}}",
    "labels:\n        {{#each podTemplate.labels}}\n        {{yaml @key}}: {{yaml this}}\n        {{/each}}",
  ],
  [
    "annotations: {{yaml podTemplate.annotations}}",
    "annotations: { {{#each podTemplate.annotations}}{{{yaml @key}}}: {{{yaml this}}}, {{/each}} }",
  ],
  [
    "imagePullSecrets: {{yaml podTemplate.imagePullSecrets}}",
    "imagePullSecrets: {{{yaml podTemplate.imagePullSecrets}}}",
  ],
  [
    "nodeSelector: {{yaml podTemplate.nodeSelector}}",
    "{{#if podTemplate.nodeSelector}}\n      nodeSelector:\n        {{#each podTemplate.nodeSelector as |value key|}}\n        ? {{yaml key}}\n        : {{yaml value}}\n        {{/each}}\n      {{/if}}",
  ],
  [
    "image: {{yaml images.buildImage}}",
    "{{#with images}}\n          image: {{yaml (lookup this 'buildImage')}}\n          {{/with}}",
  ],
);

describe("the definition of default settings", () => {
  it("is what the documented procedure was recorded to store, but for Python's path and the owner", () => {
    const stored = jsonOf(specOf(define(settingsOf(), ownTemplate), id));
    const withoutOwner = JSON.parse(JSON.stringify(stored), (key, value) =>
      key === "annotations" ? undefined : value,
    );
    const recorded = JSON.parse(JSON.stringify(jsonOf(recordedSpec("2.12.1"))), (key, value) =>
      key === "env" ? value.filter((variable: { name: string }) => variable.name !== "_F_SYS_PATH") : value,
    );
    expect(canonical(withoutOwner)).toBe(canonical(recorded));
    expect(valueAt(stored, ["taskTemplate", "k8sPod", "metadata", "annotations"])).toEqual({
      [annotationKeys.owner]: "registrar",
      [annotationKeys.appVersion]: "2026.3.4",
    });
  });

  it.each(["none", "default"] as const)("differs in nothing from what was recorded (copy style %s)", (style) => {
    expect(differencesBetween(specWith(), recordedSpec("2.12.1", style))).toEqual([]);
  });

  it.each(["none", "default"] as const)("differs from an old SDK's in two fields (copy style %s)", (style) => {
    const differences = differencesBetween(specWith(), recordedSpec("2.5.14", style));
    expect(differences.map(({ field }) => field)).toEqual(["environment", "taskTemplate.metadata.discoveryVersion"]);
  });
});

describe("a definition", () => {
  it.each([
    ["the program's own template", ownTemplate],
    ["a user's template", writtenOtherwise],
  ])("has the settings where they belong and nothing else, whatever they are, by %s", (_name, template) => {
    let rows = 0;
    fc.assert(
      fc.property(takenPodTemplate, takenRelease, fc.integer({ min: 0, max: 6 }), (podTemplate, release, logLevel) => {
        rows++;
        const settings = settingsOf({ release, task: { podTemplate, logLevel } });
        const { spec } = define(settings, template);
        const json = jsonOf(spec);
        const tree = treeOfOwnTemplate(settings);
        const { metadata, k8sPod } = tree.taskTemplate;
        const annotations = {
          ...settings.task.podTemplate.annotations,
          [annotationKeys.owner]: [release.cluster, release.namespace, release.name].filter(Boolean).join("/"),
          [annotationKeys.appVersion]: "2026.3.4",
        };
        const discoveryVersion = valueAt(json, ["taskTemplate", "metadata", "discoveryVersion"]);
        expect(discoveryVersion).toMatch(/^[0-9a-f]{64}$/);
        const expected = {
          ...tree,
          taskTemplate: {
            ...tree.taskTemplate,
            metadata: { ...metadata, discoveryVersion },
            k8sPod: { ...k8sPod, metadata: { ...k8sPod.metadata, annotations } },
          },
        };
        const withoutNulls = JSON.parse(JSON.stringify(expected), (_key, value) => value ?? undefined);
        expect(canonical(json)).toBe(canonical(withoutNulls));
        // It is what can be sent, and what comes back is the same.
        expect(toBinary(TaskSpecSchema, spec).length).toBeGreaterThan(1000);
        expect(differencesBetween(spec, specFrom(json))).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(rows).toBeGreaterThanOrEqual(200);
  });

  const [template, pod] = ["taskTemplate", "taskTemplate.k8sPod.podSpec"];
  const container = `${pod}.containers[main]`;
  const cacheKey = `${template}.metadata.discoveryVersion`;
  it.each<[Given, readonly string[]]>([
    [{ appVersion: "2026.3.5" }, [`${container}.args[6]`, `${container}.image`, cacheKey]],
    [{ task: { images: { buildImage: "a.example/b:1" } } }, [`${container}.image`, cacheKey]],
    [{ task: { images: { frontend: "a.example/b:1" } } }, [`${container}.args[6]`, cacheKey]],
    [
      { task: { imageNamePrefix: "a.example" } },
      [`${container}.args[6]`, `${container}.env[UNION_IMAGE_NAME_PREFIX].value`, `${container}.image`, cacheKey],
    ],
    [{ task: { logLevel: 6 } }, [`${container}.args[2]`, cacheKey]],
    [
      { task: { configMapName: "other" } },
      [
        ...["FLYTE_INTERNAL_OPTIMIZE_IMAGE", "UNION_BUILDKIT_URI", "UNION_DEFAULT_REPOSITORY"].map(
          (name) => `${container}.env[${name}].valueFrom.configMapKeyRef.name`,
        ),
        `${container}.env[UNION_REGISTRY_AUTHENTICATION_TYPE].valueFrom.configMapKeyRef.name`,
        `${pod}.volumes[config-volume].configMap.name`,
      ],
    ],
    // Where there was nothing at all, the whole of it is one difference.
    [{ task: { podTemplate: { labels: { a: "b" } } } }, [`${template}.k8sPod.metadata`]],
    [{ task: { podTemplate: { annotations: { a: "b" } } } }, [`${template}.k8sPod.metadata`]],
    [{ task: { podTemplate: { nodeSelector: { a: "b" } } } }, [`${pod}.nodeSelector`]],
    [{ task: { podTemplate: { tolerations: [{ key: "a" }] } } }, [`${pod}.tolerations`]],
    [{ task: { podTemplate: { resources: { limits: { cpu: 1 } } } } }, [`${container}.resources`]],
    [{ task: { podTemplate: { serviceAccountName: "a" } } }, [`${pod}.serviceAccountName`]],
    [{ task: { podTemplate: { imagePullSecrets: [{ name: "a" }] } } }, [`${pod}.imagePullSecrets`]],
    [{ task: { podTemplate: { env: [{ name: "TZ", value: "UTC" }] } } }, [`${container}.env[TZ]`]],
    [{ task: { podTemplate: { env: [{ name: "TZ" }] } } }, [`${container}.env[TZ]`]],
    [{ task: { project: "other", domain: "other" } }, []],
    [{ task: { deployWith: "flyte" } }, []],
    [{ task: { logLevel: "5", podTemplate: { labels: {}, env: [], resources: { limits: null, requests: {} } } } }, []],
    [{ release: { cluster: "a", namespace: "b", name: "c" } }, []],
    [{ trigger: "rollback", policy: { force: true, whenNewer: "replace" }, timeouts: { total: "1h" } }, []],
    [{ controlPlane: { endpoint: "other.example.com", org: "other" } }, []],
  ])("is changed by %j in its own fields alone", (given, fields) => {
    expect(changedBy(given)).toEqual(fields);
  });

  // Project and domain say where the task is registered, the other two how it is made and sent.
  const elsewhere = ["task.project", "task.domain", "task.templateFile", "task.deployWith"];
  const leaves = leavesOfSettings().filter(({ path }) => path[0] === "task");
  it.each(leaves.map((leaf) => [dotted(leaf.path), leaf] as const))(
    "depends on %s, or is known not to",
    (name, leaf) => {
      const [one, other] = valuesOf(leaf).map((value) => jsonOf(specWith(treeOf(leaf.path, value))));
      const different = new Set([jsonOf(specWith()), one, other].map(canonical));
      expect(different.size).toBe(elsewhere.includes(name) ? 1 : 3);
    },
  );

  it("does not depend on the order of keys in a settings file", () => {
    fc.assert(
      fc.property(takenPodTemplate, (podTemplate) => {
        const [one, other] = [podTemplate, reversed(podTemplate)].map((given) =>
          define(settingsOf({ task: { podTemplate: given } }), ownTemplate),
        );
        if (!one || !other) throw new Error("nothing was defined");
        expect(JSON.stringify(jsonOf(other.spec))).toBe(JSON.stringify(jsonOf(one.spec)));
        expect(renderPython(pythonTemplate, other)).toBe(renderPython(pythonTemplate, one));
      }),
      { numRuns: 200 },
    );
  });

  it("depends on the order of lists, which Kubernetes keeps", () => {
    const env = [
      { name: "A", value: "1" },
      { name: "B", value: "$(A)" },
    ];
    const [one, other] = [env, env.toReversed()].map((list) => specWith({ task: { podTemplate: { env: list } } }));
    expect(canonical(one && jsonOf(one))).not.toBe(canonical(other && jsonOf(other)));
  });

  it("takes its images from the prefix unless they are named", () => {
    const images = (task: object) => define(settingsOf({ task }), ownTemplate).context.images;
    expect(images({ imageNamePrefix: "registry.example.com/union" })).toEqual({
      buildImage: "registry.example.com/union/build-image:2026.3.4",
      frontend: "registry.example.com/union/frontend-v2:2026.3.4",
    });
    expect(images({ imageNamePrefix: "a.example", images: { buildImage: "b.example/builder@sha256:0" } })).toEqual({
      buildImage: "b.example/builder@sha256:0",
      frontend: "a.example/frontend-v2:2026.3.4",
    });
  });

  it("is as its template's text says, wherever that lies", () => {
    expect(canonical(jsonOf(specWith({}, { ...ownTemplate, file: "elsewhere" })))).toBe(canonical(jsonOf(specWith())));
    const other = changedTemplate(["shortName: build-image", "shortName: other"]);
    expect(differencesBetween(specWith(), specWith({}, other)).map(({ field }) => field)).toEqual(["shortName"]);
  });
});

describe("the owner of a definition", () => {
  const release = { cluster: "prod-us", namespace: "union", name: "dataplane" };

  it("is the Helm release, for its appVersion, next to the user's annotations", () => {
    const { ownership } = define(settingsOf({ release }), ownTemplate);
    expect(ownership).toEqual({ owner: "prod-us/union/dataplane", appVersion: "2026.3.4" });
    expect(annotationsOf({ release, task: { podTemplate: { annotations: { note: "mine" } } } })).toEqual({
      note: "mine",
      [annotationKeys.owner]: "prod-us/union/dataplane",
      [annotationKeys.appVersion]: "2026.3.4",
    });
  });

  it("cannot be forged by annotations of the settings or of a template", () => {
    const forged = { [annotationKeys.owner]: "forged", [annotationKeys.appVersion]: "9999.1.1" };
    const told = { [annotationKeys.owner]: "prod-us/union/dataplane", [annotationKeys.appVersion]: "2026.3.4" };
    expect(annotationsOf({ release, task: { podTemplate: { annotations: forged } } })).toEqual(told);
    const template = changedTemplate([
      "annotations: {{yaml podTemplate.annotations}}",
      `annotations: ${JSON.stringify(forged)}`,
    ]);
    expect(annotationsOf({ release }, template)).toEqual(told);
  });

  it.each([
    [{ cluster: "a", namespace: "b", name: "c" }, "a/b/c"],
    [{ cluster: "", namespace: "b", name: "c" }, "b/c"],
    [{ cluster: "a", namespace: "", name: "c" }, "a/c"],
    [{ cluster: "", namespace: "", name: "c" }, "c"],
  ])("is named %j as %s", (given, owner) => {
    expect(ownerId(given)).toBe(owner);
  });
});

describe("the spec as it is stored", () => {
  it("has the id of its version, and the definition has none", () => {
    const definition = define(settingsOf(), ownTemplate);
    const stored = jsonOf(specOf(definition, { ...id, version: "2026.3.4-r2" }));
    expect(valueAt(stored, ["taskTemplate", "id"])).toEqual({ resourceType: "TASK", ...id, version: "2026.3.4-r2" });
    expect(valueAt(jsonOf(definition.spec), ["taskTemplate", "id"])).toBeUndefined();
    expect(differencesBetween(definition.spec, specOf(definition, id))).toEqual([]);
    expect(jsonOf(specOf({ spec: create(TaskSpecSchema) }, id))).toEqual({});
  });

  it("is shown as YAML by its JSON names", () => {
    fc.assert(
      fc.property(takenPodTemplate, (podTemplate) => {
        const spec = specWith({ task: { podTemplate } });
        expect(canonical(parse(taskYaml(spec)))).toBe(canonical(jsonOf(spec)));
      }),
      { numRuns: 100 },
    );
    expect(taskYaml(specWith())).toContain("shortName: build-image\n");
  });
});

/** With the keys of every mapping the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

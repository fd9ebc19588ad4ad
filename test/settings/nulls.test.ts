import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { keysAt, leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted } from "../../src/settings/names.ts";
import { parseSettings } from "../../src/settings/parse-settings.ts";
import { isMapping, overlay, type RawSettings } from "../../src/settings/sources.ts";
import { invocationOf, load, problemsOf, readFileOf } from "./loading.ts";
import { treeOf, valuesOf } from "./samples.ts";

// A chart that has nothing for a setting often writes its key without a value.

const all = leavesOfSettings();
const isLogin = (path: readonly string[]) => path[1] === "auth" && path.length === 3;

/** Every setting, and every section of settings: `task`, `task.podTemplate`, `task.podTemplate.labels`. */
const paths = new Map(
  all
    .flatMap(({ path }) => path.map((_key, index) => path.slice(0, index + 1)))
    .map((path) => [dotted(path), path] as const),
);

/** The files that settings name are not read. */
function settingsOf(tree: RawSettings) {
  const given = { file: stringify(tree) };
  return parseSettings(invocationOf(given), readFileOf(given)).settings;
}

describe("null is not given", () => {
  it.each([...paths].filter(([name]) => name !== "controlPlane.auth.type"))("for %s", (_name, path) => {
    const base = isLogin(path) ? treeOf(["controlPlane", "auth", "type"], "none") : {};
    expect(settingsOf(overlay(base, treeOf(path, null)))).toEqual(settingsOf(base));
  });

  it("anywhere in the settings, those of Kubernetes objects in them too", () => {
    // A template of the user's own excludes the flyte CLI.
    const leaves = all.filter(({ path }) => !isLogin(path) && dotted(path) !== "task.templateFile");
    fc.assert(
      fc.property(fc.subarray(leaves), fc.array(fc.boolean(), { minLength: 1, maxLength: 300 }), (given, choices) => {
        const tree = given.map((leaf) => treeOf(leaf.path, valuesOf(leaf)[1])).reduce(overlay, {});
        let next = 0;
        const choose = () => choices[next++ % choices.length] ?? false;
        expect(settingsOf(sprinkled(tree, [], choose))).toEqual(settingsOf(tree));
      }),
    );
  });

  it("in a mapping whose keys are the user's own", () => {
    const podTemplate = { labels: { team: "a" }, resources: { limits: { cpu: 2 } } };
    const more = { labels: { owner: null }, nodeSelector: { zone: null }, resources: { limits: { memory: null } } };
    expect(settingsOf({ task: { podTemplate: overlay(podTemplate, more) } })).toEqual(
      settingsOf({ task: { podTemplate } }),
    );
  });

  it("in variables and flags that are written as YAML", () => {
    const text = "{limits: {cpu: 2, memory: ~}, requests: ~}";
    const expected = { limits: { cpu: "2" } };
    const given = [
      { environment: { REGISTRAR_TASK_POD_TEMPLATE_RESOURCES: text } },
      { flags: { "--task-pod-template-resources": text } },
    ];
    for (const each of given) expect(load(each).settings.task.podTemplate.resources).toEqual(expected);
  });

  it("so it does not hide what a flyte configuration says", () => {
    const given = {
      file: "controlPlane: {org: ~, endpoint: }",
      flyteFile: "{admin: {endpoint: a.example.com}, task: {org: acme}}",
    };
    expect(load(given).target).toMatchObject({ org: "acme", endpoint: { hostname: "a.example.com" } });
  });
});

describe("null for what is required is reported as missing", () => {
  it.each([
    ["{type: clientSecret, clientId: , clientSecretFile: a}", "controlPlane.auth.clientId: not set; "],
    ["{type: clientSecret, clientId: me, clientSecretFile: ~}", "controlPlane.auth.clientSecretFile: not set: "],
    ["{type: externalCommand, command: ~}", "controlPlane.auth.command: not set; "],
    ["{type: ~}", "controlPlane.auth.type: not set; "],
  ])("controlPlane.auth: %s", (auth, problem) => {
    expect(problemsOf({ file: `controlPlane: {auth: ${auth}}` })).toEqual([expect.stringMatching(`^${problem}`)]);
  });

  it.each([
    ["env: [{name: ~, value: a}]", "task.podTemplate.env[0].name: not set; "],
    [
      "env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: ~}}}]",
      "task.podTemplate.env[0].valueFrom.secretKeyRef.key: not set; ",
    ],
    ["imagePullSecrets: [{name: }]", "task.podTemplate.imagePullSecrets[0].name: not set; "],
  ])("task.podTemplate: %s", (podTemplate, problem) => {
    const [found = ""] = problemsOf({ file: `task: {podTemplate: {${podTemplate}}}` });
    expect(found.startsWith(problem)).toBe(true);
  });
});

it.each(["cluster: {buildNamespaces: [a, ~]}", "task: {podTemplate: {env: [~]}}"])(
  "null in a list is refused, as by Kubernetes: %s",
  (file) => {
    expect(problemsOf({ file })).toEqual([expect.stringMatching(/\[\d\]: null is not /)]);
  },
);

/** The tree with null under some of the keys that the schema allows and the tree does not have. */
function sprinkled(value: RawSettings, path: readonly PropertyKey[], choose: () => boolean): RawSettings {
  const missing = keysAt(path).filter((key) => !Object.hasOwn(value, key) && choose());
  const given = Object.entries(value).map(([key, inner]) => [key, inside(inner, [...path, key], choose)]);
  return Object.fromEntries([...missing.map((key) => [key, null]), ...given]);
}

function inside(value: unknown, path: readonly PropertyKey[], choose: () => boolean): unknown {
  if (Array.isArray(value)) return value.map((item, index) => inside(item, [...path, index], choose));
  return isMapping(value) ? sprinkled(value, path, choose) : value;
}

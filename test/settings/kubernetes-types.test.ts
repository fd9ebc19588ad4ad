import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted, flagOf, variableOf } from "../../src/settings/names.ts";
import { load, problemsOf } from "./loading.ts";

const podTemplate = (text: string) => load({ file: `task: {podTemplate: {${text}}}` }).settings.task.podTemplate;
const problems = (text: string) => problemsOf({ file: `task: {podTemplate: {${text}}}` });

const tolerations = 'for example task.podTemplate.tolerations: [{"key":"builds","operator":"Exists"}]';
const env = 'for example task.podTemplate.env: [{"name":"TZ","value":"UTC"}]';
const resources = 'for example task.podTemplate.resources: {"limits":{"memory":"4Gi"}}';
const pullSecrets = 'for example task.podTemplate.imagePullSecrets: [{"name":"mirror"}]';
const sources = "configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef, fileKeyRef";

describe("a quantity", () => {
  it.each([
    ["2", "2"],
    ["0.5", "0.5"],
    [".5", "0.5"],
    ["1e3", "1000"],
    ["1e30", "1e+30"],
    ["1e-7", "1e-7"],
    ["0", "0"],
    ["-1", "-1"],
    ["'2'", "2"],
    ["'1e3'", "1e3"],
    ["'.5'", ".5"],
    ["'.25'", ".25"],
    ["'1.'", "1."],
    ["12.75Gi", "12.75Gi"],
    ["500m", "500m"],
    ["4Gi", "4Gi"],
    ["1.5Ti", "1.5Ti"],
    ["512M", "512M"],
    ["100n", "100n"],
    ["1k", "1k"],
    ["'+1E'", "+1E"],
    ["12E6", "12000000"],
  ])("may be %s, as kubectl takes it", (written, quantity) => {
    expect(podTemplate(`resources: {limits: {cpu: ${written}}}`).resources).toEqual({ limits: { cpu: quantity } });
  });

  it.each([
    "4 Gi",
    "' 4Gi'",
    "4GB",
    "512MB",
    "1Gib",
    "4gi",
    "1K",
    "1e3Gi",
    "1_000",
    "five",
    "0x1F",
    "''",
    "'.'",
    "'-'",
    '"1\\n"',
  ])("is not %s", (written) => {
    const [problem, ...others] = problems(`resources: {limits: {cpu: ${written === "0x1F" ? "'0x1F'" : written}}}`);
    expect(problem).toMatch(/^task\.podTemplate\.resources\.limits\.cpu: the text /);
    expect(problem).toContain(`is not a quantity such as 500m or 4Gi; ${resources}`);
    expect(others).toEqual([]);
  });

  it.each([
    ["true", "the boolean"],
    ["[1]", "the list"],
    ["{a: 1}", "the mapping"],
    [".nan", "the number"],
    ["-.inf", "the number"],
  ])("is not %s", (written, kind) => {
    expect(problems(`resources: {requests: {memory: ${written}}}`)).toEqual([
      `task.podTemplate.resources.requests.memory: ${kind} is neither a quantity such as 500m or 4Gi nor a number; ${resources}`,
    ]);
  });
});

describe("a pod template is read as strictly as Kubernetes reads it", () => {
  it.each([
    [
      "tolerations: [{tolerationSeconds: '300'}]",
      `tolerations[0].tolerationSeconds: the text of 3 characters is not a number; ${tolerations}`,
    ],
    ["tolerations: [{}, {value: true}]", `tolerations[1].value: the boolean is not text; ${tolerations}`],
    [
      "tolerations: [{value: 5}]",
      `tolerations[0].value: the number (quote it to make it text) is not text; ${tolerations}`,
    ],
    [
      "tolerations: [{operator: exists}]",
      `tolerations[0].operator: the text of 6 characters is none of Exists, Equal, Lt, Gt; ${tolerations}`,
    ],
    [
      "tolerations: [{effect: noSchedule}]",
      `tolerations[0].effect: the text of 10 characters is none of NoSchedule, PreferNoSchedule, NoExecute; ${tolerations}`,
    ],
    ["tolerations: [builds]", `tolerations[0]: the text of 6 characters is not a mapping; ${tolerations}`],
    ["tolerations: [~]", `tolerations[0]: null is not a mapping; ${tolerations}`],
    [
      "tolerations: {key: a}",
      'tolerations: the mapping is not a list; for example [{"key":"builds","operator":"Exists"}]',
    ],
    ["env: [{name: A, value: 5}]", `env[0].value: the number (quote it to make it text) is not text; ${env}`],
    ["env: [{name: A, value: true}]", `env[0].value: the boolean is not text; ${env}`],
    ["env: [{name: '', value: a}]", `env[0].name: the text is empty; ${env}`],
    ["env: [{name: A=B}]", `env[0].name: the text of 3 characters contains an equals sign; ${env}`],
    ["env: [{value: a}]", `env[0].name: not set; ${env}`],
    ["env: {A: b}", 'env: the mapping is not a list; for example [{"name":"TZ","value":"UTC"}]'],
    ["env: [{name: A, valueFrom: {}}]", `env[0].valueFrom: the mapping must have exactly one of ${sources}; ${env}`],
    [
      "env: [{name: A, valueFrom: {secretKeyRef: ~}}]",
      `env[0].valueFrom: the mapping must have exactly one of ${sources}; ${env}`,
    ],
    [
      "env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}, configMapKeyRef: {name: a, key: b}}}]",
      `env[0].valueFrom: the mapping must have exactly one of ${sources}; ${env}`,
    ],
    [
      "env: [{name: A, value: a, valueFrom: {fieldRef: {fieldPath: a}}}]",
      `env[0].valueFrom: the mapping is set in addition to value; set one of the two; ${env}`,
    ],
    [
      "env: [{name: A, valueFrom: {secretKeyRef: {name: a_b, key: b}}}]",
      `env[0].valueFrom.secretKeyRef.name: the text of 3 characters is not a Kubernetes object name (lower-case letters, digits, - and .); ${env}`,
    ],
    [
      "env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b, optional: 'yes'}}}]",
      `env[0].valueFrom.secretKeyRef.optional: the text of 3 characters is not a boolean; ${env}`,
    ],
    ["env: [{name: A, valueFrom: {fieldRef: {}}}]", `env[0].valueFrom.fieldRef.fieldPath: not set; ${env}`],
    ["imagePullSecrets: [mirror]", `imagePullSecrets[0]: the text of 6 characters is not a mapping; ${pullSecrets}`],
    [
      "imagePullSecrets: [{name: Mirror}]",
      `imagePullSecrets[0].name: the text of 6 characters is not a Kubernetes object name (lower-case letters, digits, - and .); ${pullSecrets}`,
    ],
    ["resources: {limits: 4Gi}", `resources.limits: the text of 3 characters is not a mapping; ${resources}`],
    ["resources: {limits: {'': 1}}", `resources.limits.: the number has a key that is empty; ${resources}`],
    ["resources: {claims: {name: a}}", `resources.claims: the mapping is not a list; ${resources}`],
  ])("%s", (text, problem) => {
    expect(problems(text)).toEqual([`task.podTemplate.${problem}`]);
  });

  it.each([
    ["tolerations: [{key: a, opertor: Exists}]", "tolerations[0].opertor"],
    ["tolerations: [{}, {Key: a}]", "tolerations[1].Key"],
    ["env: [{name: A, vlaue: a}]", "env[0].vlaue"],
    ["env: [{name: A, valueFrom: {fieldRef: {fieldPath: a, path: b}}}]", "env[0].valueFrom.fieldRef.path"],
    ["imagePullSecrets: [{name: a, namespace: b}]", "imagePullSecrets[0].namespace"],
    ["resources: {limit: {cpu: 1}}", "resources.limit"],
    ["resources: {claims: [{name: a, reqest: b}]}", "resources.claims[0].reqest"],
  ])("an unknown key is named with its path: %s", (text, path) => {
    const [problem, ...others] = problems(text);
    expect(problem).toMatch(new RegExp(`^${RegExp.escape(`task.podTemplate.${path}`)}: is not known here; `));
    expect(others).toEqual([]);
  });

  it.each([
    ["env: [{name: A, valueFrom: {secretKeyref: {name: a, key: b}}}]", "env[0].valueFrom.secretKeyref"],
    ["env: [{name: A, valueFrom: {secretKeyRef: {name: a, kye: b}}}]", "env[0].valueFrom.secretKeyRef.kye"],
    ["imagePullSecrets: [{nam: a}]", "imagePullSecrets[0].nam"],
  ])("an unknown key is named in addition to what is missing for it: %s", (text, path) => {
    const found = problems(text);
    expect(found).toHaveLength(2);
    expect(found.some((problem) => problem.startsWith(`task.podTemplate.${path}: is not known here; `))).toBe(true);
  });

  it.each([
    ["tolerations: [{}, {operator: Exists}]", { tolerations: [{}, { operator: "Exists" }] }],
    [
      "tolerations: [{key: a, operator: Equal, value: '', effect: NoExecute, tolerationSeconds: 300}]",
      {
        tolerations: [{ key: "a", operator: "Equal", value: "", effect: "NoExecute", tolerationSeconds: 300 }],
      },
    ],
    ["env: [{name: A}, {name: A, value: ''}]", { env: [{ name: "A" }, { name: "A", value: "" }] }],
    [
      "env: [{name: A, value: '', valueFrom: {fieldRef: {fieldPath: a}}}]",
      { env: [{ name: "A", value: "", valueFrom: { fieldRef: { fieldPath: "a" } } }] },
    ],
    [
      "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1}}}]",
      { env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1" } } }] },
    ],
    [
      "env: [{name: A, valueFrom: {fileKeyRef: {volumeName: a, path: b, key: c}}}]",
      { env: [{ name: "A", valueFrom: { fileKeyRef: { volumeName: "a", path: "b", key: "c" } } }] },
    ],
    ["resources: {claims: [{name: a, request: b}]}", { resources: { claims: [{ name: "a", request: "b" }] } }],
  ])("takes %s", (text, expected) => {
    expect(podTemplate(text)).toMatchObject(expected);
  });
});

describe("null counts as not given", () => {
  it.each([
    ...["limits", "requests", "claims"].map((key) => `resources: {${key}: ~}`),
    "resources: {claims: [{name: a, request: ~}]}",
    ...["key", "operator", "value", "effect", "tolerationSeconds"].map((key) => `tolerations: [{${key}: ~}]`),
    "env: [{name: A, value: ~}]",
    "env: [{name: A, value: a, valueFrom: ~}]",
    "env: [{name: A, value: ~, valueFrom: {fieldRef: {fieldPath: a, apiVersion: ~}}}]",
    ...["secretKeyRef", "configMapKeyRef"].map(
      (key) => `env: [{name: A, valueFrom: {${key}: {name: a, key: b, optional: ~}}}]`,
    ),
    ...["containerName", "divisor"].map(
      (key) => `env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, ${key}: ~}}}]`,
    ),
    "env: [{name: A, valueFrom: {fileKeyRef: {volumeName: a, path: b, key: c, optional: ~}}}]",
    ...["secretKeyRef", "configMapKeyRef", "resourceFieldRef", "fileKeyRef"].map(
      (key) => `env: [{name: A, valueFrom: {fieldRef: {fieldPath: a}, ${key}: ~}}]`,
    ),
    "env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}, fieldRef: ~}}]",
  ])("%s", (text) => {
    expect(text).toContain("~");
    const withoutNulls = JSON.parse(JSON.stringify(podTemplate(text)), (_key, value) => value ?? undefined);
    const withoutKey = text.replaceAll(/(, )?\w+: ~/g, "").replace("{, ", "{");
    expect(withoutNulls).toEqual(podTemplate(withoutKey));
  });
});

describe("task.podTemplate.resources", () => {
  const leaves = leavesOfSettings().filter(({ path }) => dotted(path).startsWith("task.podTemplate.resources"));

  it("is one setting, with one flag and one variable", () => {
    expect(leaves).toHaveLength(1);
    const [leaf] = leaves;
    expect(leaf).toMatchObject({ kind: "object", fallback: {} });
    expect(leaf && [flagOf(leaf), variableOf(leaf)]).toEqual([
      "--task-pod-template-resources",
      "REGISTRAR_TASK_POD_TEMPLATE_RESOURCES",
    ]);
  });

  it.each([
    { flags: { "--task-pod-template-resources": "{limits: {cpu: 2}}" } },
    { environment: { REGISTRAR_TASK_POD_TEMPLATE_RESOURCES: '{"limits": {"cpu": 2}}' } },
    { file: stringify({ task: { podTemplate: { resources: { limits: { cpu: 2 } } } } }) },
  ])("is given whole: %j", (given) => {
    expect(load(given).settings.task.podTemplate.resources).toEqual({ limits: { cpu: "2" } });
  });
});

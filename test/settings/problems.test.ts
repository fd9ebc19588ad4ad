import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { findingText, painter } from "../../src/report/text.ts";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted, flagOf, variableOf } from "../../src/settings/names.ts";
import { described } from "../../testing/findings/described.ts";
import { load, problemsOf, refused } from "./loading.ts";
import { treeOf } from "./samples.ts";

const known =
  "appVersion, appVersionFrom, trigger, release, controlPlane, task, policy, cluster, build, builds, registry, network, timeouts, logFormat, flyteCommand";
const labels = 'for example task.podTemplate.labels: {"team":"platform"}';

describe("a wrong setting is named with its path, the kind of what is given, what is wrong and an example", () => {
  it.each([
    ["appVersion: 2026.10", "appVersion: the number (quote it to make it text) is not text; for example 2026.3.4"],
    ["appVersion: true", "appVersion: the boolean is not text; for example 2026.3.4"],
    ["appVersion: [1]", "appVersion: the list is not text; for example 2026.3.4"],
    ["appVersion: {a: 1}", "appVersion: the mapping is not text; for example 2026.3.4"],
    ["appVersion: ''", "appVersion: the text is empty; for example 2026.3.4"],
    [
      "appVersion: latest",
      "appVersion: the text of 6 characters has no digit, so it is not a version (latest and the like cannot be compared); for example 2026.3.4",
    ],
    [
      "appVersion: 1; reboot",
      "appVersion: the text of 9 characters has a character that image tags cannot have; for example 2026.3.4",
    ],
    [
      `appVersion: "${"9".repeat(300)}"`,
      "appVersion: the text of 300 characters is longer than 56 characters; for example 2026.3.4",
    ],
    [
      "trigger: boot",
      "trigger: the text of 4 characters is none of install, upgrade, rollback, manual, schedule, test, build; for example upgrade",
    ],
    ["task: {logLevel: 9}", "task.logLevel: the number is above 6; for example 5"],
    ["task: {logLevel: -1}", "task.logLevel: the number is below 0; for example 5"],
    ["task: {logLevel: 2.5}", "task.logLevel: the number is not a whole number; for example 5"],
    ["task: {logLevel: x}", "task.logLevel: the text of 1 character is not a whole number; for example 5"],
    ["timeouts: {flyte: 60}", "timeouts.flyte: the number (quote it to make it text) is not text; for example 60s"],
    ["policy: {force: 'yes'}", "policy.force: the text of 3 characters is not a boolean; for example true"],
    [
      "controlPlane: {proxy: 'ftp://proxy:3128'}",
      "controlPlane.proxy: the text of 16 characters is not the address of an HTTP proxy; for example http://proxy:3128",
    ],
    [
      "controlPlane: {proxy: 'socks5://u:canary@proxy:1080'}",
      "controlPlane.proxy: the text of 28 characters is a SOCKS proxy, which is not supported; for example http://proxy:3128",
    ],
    [
      "controlPlane: 3",
      "controlPlane: the number is not a mapping; for example controlPlane.endpoint: dns:///union.example.com",
    ],
    [
      "task: {podTemplate: {labels: {a: 1}}}",
      `task.podTemplate.labels.a: the number (quote it to make it text) is not text; ${labels}`,
    ],
    [
      "task: {podTemplate: {labels: {'': a}}}",
      `task.podTemplate.labels.: the text of 1 character has a key that is empty; ${labels}`,
    ],
    [
      'task: {podTemplate: {labels: {a: "\\0"}}}',
      `task.podTemplate.labels.a: the text of 1 character contains a NUL character; ${labels}`,
    ],
    [
      'task: {podTemplate: {labels: {"\\0": a}}}',
      `task.podTemplate.labels. : the text of 1 character has a key that contains a NUL character; ${labels}`,
    ],
    [
      'task: {podTemplate: {annotations: {a: "\\uD800"}}}',
      'task.podTemplate.annotations.a: the text of 1 character is not well-formed Unicode; for example task.podTemplate.annotations: {"sidecar.istio.io/inject":"false"}',
    ],
    [
      "task: {podTemplate: {env: [3]}}",
      'task.podTemplate.env[0]: the number is not a mapping; for example task.podTemplate.env: [{"name":"TZ","value":"UTC"}]',
    ],
    [
      "task: {podTemplate: {env: [{value: a}]}}",
      'task.podTemplate.env[0].name: not set; for example task.podTemplate.env: [{"name":"TZ","value":"UTC"}]',
    ],
  ])("%s", (file, problem) => {
    expect(problemsOf({ file })).toEqual([problem]);
  });

  it("is counted once, however much is wrong with it", () => {
    expect(problemsOf({ file: "{appVersion: '', task: {logLevel: 9}, trigger: 1}" })).toHaveLength(3);
  });
});

describe("a wrong setting among words, numbers and forms", () => {
  it.each([
    { file: "controlPlane: {auth: {type: foo}}", words: ["controlPlane.auth.type: ", "none, clientSecret, apiKey,"] },
    { file: "task: {podTemplate: {tolerations: [{tolerationSeconds: 1.5}]}}", words: ["whole number"] },
    { file: "task: {logLevel: 5x}", words: ["task.logLevel: ", "whole number"] },
    { file: "task: {logLevel: x5}", words: ["task.logLevel: ", "whole number"] },
    { file: "controlPlane: {proxy: 'xhttp://a'}", words: ["controlPlane.proxy: ", "HTTP proxy"] },
    { file: "controlPlane: {proxy: 'httpx://a'}", words: ["controlPlane.proxy: ", "HTTP proxy"] },
    { file: "appVersionFrom: a-deployment/a", words: ["appVersionFrom: ", "deployment/<name>"] },
    { file: "appVersionFrom: deployment/a!", words: ["appVersionFrom: ", "deployment/<name>"] },
    { file: "appVersionFrom: deployment/", words: ["appVersionFrom: ", "deployment/<name>"] },
  ])("$file", ({ file, words }) => {
    const [problem = "", ...others] = problemsOf({ file });
    for (const word of words) expect(problem).toContain(word);
    expect(others).toEqual([]);
  });

  it.each(["appVersionFrom: deployment/a", "task: {logLevel: '05'}"])("is not %s", (file) => {
    expect(() => load({ file })).not.toThrow();
  });
});

describe("an unknown key", () => {
  it.each([
    { file: "controlPlane: {orgxx: a}", nearest: "controlPlane.org" },
    { file: "controlPlane: {xxorg: a}", nearest: "controlPlane.org" },
    { file: "cluster: {statusConfigMapNames: a}", nearest: "cluster.statusConfigMap" },
    { file: "controlPlane: {orgxyz: a}", nearest: undefined },
  ])("is taken for what it differs from in two letters or a third of its own: $file", ({ file, nearest }) => {
    const [problem = ""] = problemsOf({ file });
    if (nearest) expect(problem).toContain(`did you mean ${nearest}?`);
    else expect(problem).not.toContain("did you mean");
  });

  it.each([
    ["tasks: {}", "tasks: is not a setting; did you mean task?"],
    ["task: {logLevl: 2}", "task.logLevl: is not a setting; did you mean task.logLevel?"],
    ["task: {loglevel: 2}", "task.loglevel: is not a setting; did you mean task.logLevel?"],
    ["controlPlane: {endPoint: a}", "controlPlane.endPoint: is not a setting; did you mean controlPlane.endpoint?"],
    ["replicas: 1", `replicas: is not a setting; known here: ${known}`],
    ["__proto__: {appVersion: x}", `__proto__: is not a setting; known here: ${known}`],
    ["task: {images: {worker: a}}", "task.images.worker: is not a setting; known here: buildImage, frontend"],
    [
      "task: {podTemplate: {imagePullSecrets: [{name: a, namespace: b}]}}",
      "task.podTemplate.imagePullSecrets[0].namespace: is not known here; what is: name",
    ],
  ])("%s", (file, problem) => {
    expect(problemsOf({ file })).toEqual([problem]);
  });

  it("is looked for among the keys of what may be null, too", () => {
    const file = "task: {podTemplate: {env: [{name: A, valueFrom: {fieldRef: {fieldPath: a, apiversion: v1}}}]}}";
    const [problem, ...others] = problemsOf({ file });
    expect(problem).toMatch(/^task\.podTemplate\.env\[0\]\.valueFrom\.fieldRef\.apiversion: .*apiVersion/);
    expect(others).toEqual([]);
  });

  it("is one of several", () => {
    expect(problemsOf({ file: "{a: 1, b: 2}" })).toHaveLength(2);
  });
});

describe("no value is repeated", () => {
  const canary = "CANARY\0 {{x}} https://u:CANARY@h";

  it.each(leavesOfSettings().map((leaf) => [dotted(leaf.path), leaf] as const))("of %s", (_name, leaf) => {
    const wrong = [canary, [canary], { key: canary }, [[canary]], { key: { key: canary } }];
    const given = wrong.flatMap((value) => [
      { file: stringify(treeOf(leaf.path, value)) },
      { environment: { [variableOf(leaf)]: typeof value === "string" ? value : JSON.stringify(value) } },
      { flags: { [flagOf(leaf)]: typeof value === "string" ? value : JSON.stringify(value) } },
    ]);
    let refusals = 0;
    for (const one of given) {
      try {
        load(one);
      } catch {
        const error = refused(one);
        expect(findingText(described(error), painter(false)) + error.message).not.toContain("CANARY");
        refusals++;
      }
    }
    // Some of these are values that a mapping or a list may have.
    expect(refusals).toBeGreaterThan(5);
  });
});

import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type Leaf, leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted, flagOf, variableOf } from "../../src/settings/names.ts";
import { type Given, placesOf } from "./loading.ts";
import { treeOf } from "./samples.ts";

// What is wrong with a login depends on its type; the table below has examples.
const leaves = leavesOfSettings().filter(({ path }) => path[1] !== "auth");

/** A value that the setting does not take, in a file: its own kind is none of these. */
function wrongValueOf({ kind }: Leaf): unknown {
  return kind === "list" ? { a: 1 } : [1];
}

describe.each(leaves.map((leaf) => [dotted(leaf.path), leaf] as const))("where a wrong %s is given", (name, leaf) => {
  it("is its flag, its variable, or the line of the file; of several the one that counts", () => {
    const file = `# settings\n\n${stringify(treeOf(leaf.path, wrongValueOf(leaf)))}`;
    const environment = { [variableOf(leaf)]: "\0" };
    const flags = { [flagOf(leaf)]: "\0" };
    expect(placesOf({ file })).toEqual([`${name} (registrar.yaml:${2 + leaf.path.length})`]);
    expect(placesOf({ file, environment })).toEqual([`${name} (${variableOf(leaf)})`]);
    expect(placesOf({ file, environment, flags })).toEqual([`${name} (${flagOf(leaf)})`]);
  });
});

describe("where a wrong setting is given", () => {
  it.each<[string, Given, string[]]>([
    ["an unknown key", { file: "task:\n  logLevel: 5\n  logLevl: 5" }, ["task.logLevl (registrar.yaml:3)"]],
    ["a known key of prototypes", { file: "task:\n  constructor: 5" }, ["task.constructor (registrar.yaml:2)"]],
    [
      "an item of a list",
      { file: "task:\n  podTemplate:\n    env:\n      - name: A\n      - name: B\n        value: 5" },
      ["task.podTemplate.env[1].value (registrar.yaml:6)"],
    ],
    [
      "what an alias stands for",
      { file: "task:\n  podTemplate:\n    labels: &l\n      a: 5\n    annotations: *l" },
      ["task.podTemplate.labels.a (registrar.yaml:4)", "task.podTemplate.annotations.a (registrar.yaml:4)"],
    ],
    ["JSON", { file: '{\n"task": {\n"logLevel": 9}}' }, ["task.logLevel (registrar.yaml:3)"]],
    ["CRLF", { file: "trigger: manual\r\ntask:\r\n  logLevel: 9\r\n" }, ["task.logLevel (registrar.yaml:3)"]],
    [
      "a large number for a text",
      { file: "controlPlane:\n  endpoint: union.example.com\n  org: 123456789012" },
      ["controlPlane.org (registrar.yaml:3)"],
    ],
    [
      "an endpoint that is none",
      { file: "controlPlane:\n  endpoint: https://union.example.com/console" },
      ["controlPlane.endpoint (registrar.yaml:2)"],
    ],
    [
      "several sources",
      {
        file: "appVersion: latest\ntask: {logLevel: 9}",
        environment: { REGISTRAR_TRIGGER: "boot" },
        flags: { "--task-log-level": "7" },
      },
      ["appVersion (registrar.yaml:1)", "trigger (REGISTRAR_TRIGGER)", "task.logLevel (--task-log-level)"],
    ],
    [
      "a key of a mapping in a variable",
      { environment: { REGISTRAR_TASK_POD_TEMPLATE_LABELS: "{a: 5}" } },
      ["task.podTemplate.labels.a (REGISTRAR_TASK_POD_TEMPLATE_LABELS)"],
    ],
    [
      "a missing setting has none",
      { file: "controlPlane: {auth: {type: clientSecret, clientSecretFile: a}}" },
      ["controlPlane.auth.clientId"],
    ],
    [
      "a key of a flyte configuration",
      { flyteFile: "admin:\n  endpoint: union.example.com\n  insecure: perhaps\n" },
      ["controlPlane.insecure (flyte.yaml:3)"],
    ],
    [
      "the login of a flyte configuration",
      { flyteFile: "admin:\n  authType: ExternalCommand\n  command: {a: b}\n" },
      ["controlPlane.auth.command (flyte.yaml:3)"],
    ],
    [
      "a flyte configuration, of two equal keys the last one",
      { flyteFile: "task:\n  org: acme\n  org: a b\n" },
      ["controlPlane.org (flyte.yaml:3)"],
    ],
  ])("%s", (_name, given, places) => {
    expect(placesOf(given)).toEqual(places);
  });
});

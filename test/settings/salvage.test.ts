import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { parseSettings } from "../../src/settings/parse-settings.ts";
import { salvageSettings } from "../../src/settings/salvage.ts";
import { type Given, invocationOf, readFileOf } from "./loading.ts";

function salvaged(given: Given) {
  const [invocation, readFile] = [invocationOf(given), readFileOf(given)];
  expect(() => parseSettings(invocation, readFile)).toThrow();
  return salvageSettings(invocation, readFile);
}

const warn = "policy: {failure: warn}";
const variable = { REGISTRAR_POLICY_FAILURE: "warn" };
const flag = { "--policy-failure": "warn" };

describe("settings that are refused still say whether a failure counts", () => {
  it.each<[string, Given]>([
    ["another setting of the file is wrong", { file: `${warn}\ntask: {logLevel: 9}` }],
    ["an unknown key stands next to it", { file: "policy: {failure: warn, whenever: keep}" }],
    ["a wrong value stands next to it", { file: "policy: {failure: warn, whenNewer: perhaps}" }],
    ["a section is no mapping", { file: `${warn}\ntask: 5\ncontrolPlane: []` }],
    ["something required is missing", { file: `${warn}\ncontrolPlane: {auth: {type: clientSecret}}` }],
    ["an item of a list is wrong", { file: `${warn}\ncluster: {buildNamespaces: [a, B, c, D_]}` }],
    ["a variable is wrong", { file: warn, environment: { REGISTRAR_TRIGGER: "boot" } }],
    ["a flag is wrong", { file: warn, flags: { "--task-log-level": "many" } }],
    ["a flyte configuration is no YAML", { file: warn, flyteFile: "[" }],
    ["a variable says so, and the file is no YAML", { file: "[", environment: variable }],
    ["a variable says so, and the file is missing", { configFile: "none.yaml", environment: variable }],
    ["a flag says so, and the file is no YAML", { file: "policy: {failure: fail", flags: flag }],
    ["a variable says so, and the file the contrary", { file: "policy: {failure: fail}\nx: 1", environment: variable }],
  ])("warn: %s", (_name, given) => {
    expect(salvaged(given).policy.failure).toBe("warn");
  });

  it.each<[string, Given]>([
    ["nothing says so", { file: "task: {logLevel: 9}" }],
    ["it is wrong itself", { file: "policy: {failure: warning}" }],
    ["what overrides it is wrong", { file: warn, environment: { REGISTRAR_POLICY_FAILURE: "warning" } }],
    ["the policy is no mapping", { file: "policy: warn" }],
    ["the file that says so is no YAML", { file: `${warn}\nx: [` }],
    ["a flag says the contrary", { file: `${warn}\nx: 1`, flags: { "--policy-failure": "fail" } }],
  ])("fail: %s", (_name, given) => {
    expect(salvaged(given).policy.failure).toBe("fail");
  });
});

it("are all settings but the wrong ones, which have their defaults", () => {
  const file = [
    "trigger: upgrade",
    "release: {namespace: union, name: [dataplane]}",
    "cluster: {enabled: true, statusConfigMap: status, jobNamee: job, buildNamespaces: [a, B, c]}",
    "controlPlane: {endpoint: union.example.com, auth: {type: password, clientId: me}}",
    "task: {images: {buildImage: '', frontend: a}, podTemplate: {labels: {team: a, owner: 5}}}",
    "timeouts: {total: '', flyte: 30s}",
  ].join("\n");
  expect(salvaged({ file })).toMatchObject({
    trigger: "upgrade",
    release: { namespace: "union", name: "registrar" },
    cluster: { enabled: true, statusConfigMap: "status", buildNamespaces: ["a", "c"] },
    controlPlane: { endpoint: "union.example.com", auth: { type: "none" } },
    task: { images: { frontend: "a" }, podTemplate: { labels: { team: "a" } } },
    timeouts: { total: 240_000, flyte: 30_000 },
  });
});

it("are found in whatever a file holds: the policy always, if it is given", () => {
  const words = [...new Set(leavesOfSettings().flatMap(({ path }) => path)), "nonsense", "__proto__"];
  const { tree } = fc.letrec<{ tree: unknown; node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 5, "", "a", "warn", "90s", "clientSecret"),
      fc.array(tie("node"), { maxLength: 3 }),
      tie("tree"),
    ),
    tree: fc.dictionary(fc.constantFrom(...words), tie("node"), { maxKeys: 8 }),
  }));
  fc.assert(
    fc.property(tree, tree, (settings, policy) => {
      const file = JSON.stringify({ ...Object(settings), policy: { ...Object(policy), failure: "warn" } });
      const given = { file };
      const found = salvageSettings(invocationOf(given), readFileOf(given));
      expect(found.policy.failure).toBe("warn");
    }),
  );
});

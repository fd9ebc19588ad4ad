import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted, flagOf, variableOf } from "../../src/settings/names.ts";
import { described } from "../../testing/findings/described.ts";
import { type Given, load } from "./loading.ts";
import { treeOf, valueAt } from "./samples.ts";

const endpoint = "controlPlane: {endpoint: union.example.com}";

/** A variable, a value that can be used and one that cannot (none: all can be), its setting, and what another source says. */
const variables = [
  { variable: "APP_VERSION", good: "2026.3.4", bad: "latest", setting: "appVersion", other: "2026.1.1" },
  { variable: "APP_VERSION", good: "1.4.0", bad: "", setting: "appVersion", other: "2026.1.1" },
  { variable: "CONFIG_MAP_NAME", good: "mine", bad: "My_App", setting: "task.configMapName", other: "theirs" },
  { variable: "LOG_LEVEL", good: 2, bad: "info", setting: "task.logLevel", other: 3 },
  { variable: "LOG_LEVEL", good: 0, bad: "9", setting: "task.logLevel", other: 3 },
  { variable: "LOG_LEVEL", good: 6, bad: "[debug]", setting: "task.logLevel", other: 3 },
  { variable: "HTTPS_PROXY", good: "http://p:1", bad: "https://[", setting: "controlPlane.proxy", other: "http://q:1" },
  {
    variable: "https_proxy",
    good: "http://p:1",
    bad: "gopher://p",
    setting: "controlPlane.proxy",
    other: "http://q:1",
  },
  { variable: "NO_PROXY", good: ".svc", bad: undefined, setting: "controlPlane.noProxy", other: ".local" },
  { variable: "no_proxy", good: ".svc", bad: undefined, setting: "controlPlane.noProxy", other: ".local" },
] as const;

function environmentOf(variable: string, value: string | number): Record<string, string> {
  return { [variable]: String(value) };
}

/** What a run has of a setting, and which variables its warnings name. */
function loaded(given: Given, setting: string) {
  const { settings, warnings } = load(given);
  return { value: valueAt(settings, setting.split(".")), warnings: warnings.map((warning) => described(warning).what) };
}

/** The other sources that say something of a setting. */
function othersOf(setting: string, value: string | number): [string, Given][] {
  const path = setting.split(".");
  const leaf = leavesOfSettings().find((candidate) => dotted(candidate.path) === setting);
  if (!leaf) throw new Error(`no setting ${setting}`);
  const flyteKeys: Readonly<Record<string, string>> = { "controlPlane.proxy": "admin: {httpProxyURL: " };
  const key = flyteKeys[setting];
  return [
    ["a flag", { flags: { [flagOf(leaf)]: String(value) } }],
    ["its own variable", { environment: environmentOf(variableOf(leaf), value) }],
    ["the settings file", { file: stringify(treeOf(path, value)) }],
    ...(key === undefined ? [] : ([["a flyte configuration", { flyteFile: `${key}${value}}` }]] as [string, Given][])),
  ];
}

describe.each(variables)("$variable, for $setting", ({ variable, good, bad, setting, other }) => {
  it("fills in the setting if nothing else says it", () => {
    expect(loaded({ environment: environmentOf(variable, good), file: endpoint }, setting)).toEqual({
      value: good,
      warnings: [],
    });
  });

  it.each(othersOf(setting, other))("is not looked at, good or bad, if %s says it", (_name, given) => {
    for (const value of [good, bad ?? good]) {
      const environment = { ...environmentOf(variable, value), ...given.environment };
      expect(loaded({ ...given, environment }, setting)).toEqual({ value: other, warnings: [] });
    }
  });
});

it.each(variables.filter(({ bad }) => bad !== undefined))(
  '$variable is ignored, with a warning that names it, if it is "$bad"',
  ({ variable, bad = "", setting }) => {
    const { value, warnings } = loaded({ environment: environmentOf(variable, bad), file: endpoint }, setting);
    expect(value).toEqual(valueAt(load({}).settings, setting.split(".")));
    expect(warnings).toEqual([
      expect.stringMatching(`is ignored.*\\n  ${variable}, for ${setting}: the (text|number|list) `),
    ]);
  },
);

describe("variables with common names", () => {
  it("are named in one warning, each with what to set instead", () => {
    const environment = { LOG_LEVEL: "info", CONFIG_MAP_NAME: "My_App", APP_VERSION: "latest" };
    const { warnings } = load({ environment });
    expect(warnings).toMatchObject([{ code: "variable-ignored", severity: "warning" }]);
    const [{ what, fix, next } = raise()] = warnings.map(described);
    expect(what.split("\n").map((line) => line.trim().split(":")[0])).toEqual([
      "3 environment variables are ignored, because their values cannot be used",
      "APP_VERSION, for appVersion",
      "CONFIG_MAP_NAME, for task.configMapName",
      "LOG_LEVEL, for task.logLevel",
    ]);
    expect(fix).toContain("Set appVersion, task.configMapName, task.logLevel by flag, ");
    expect(next).toBe("printenv APP_VERSION CONFIG_MAP_NAME LOG_LEVEL");
  });

  it("do not replace the Deployment that says the appVersion", () => {
    for (const APP_VERSION of ["1.4.0", "latest"]) {
      const { settings, warnings } = load({
        environment: { APP_VERSION },
        file: "appVersionFrom: deployment/operator",
      });
      expect(settings).toMatchObject({ appVersionFrom: "deployment/operator" });
      expect([settings.appVersion, warnings]).toEqual([undefined, []]);
    }
  });

  it("prefer HTTPS_PROXY to https_proxy, but not an empty one", () => {
    const proxy = (environment: Record<string, string>) => load({ environment }).settings.controlPlane.proxy;
    expect(proxy({ HTTPS_PROXY: "http://upper:1", https_proxy: "http://lower:1" })).toBe("http://upper:1");
    expect(proxy({ HTTPS_PROXY: "", https_proxy: "http://lower:1" })).toBe("http://lower:1");
  });

  it.each([
    ["NO_PROXY names the host", { file: endpoint, environment: { NO_PROXY: "example.com" } }],
    ["the settings name it", { file: "controlPlane: {endpoint: union.example.com, noProxy: '*'}" }],
    ["there is no control plane", {}],
  ])("of a proxy are not judged where it is not used: %s", (_name, given: Given) => {
    const environment = { HTTPS_PROXY: "gopher://p", ...given.environment };
    expect(load({ ...given, environment })).toMatchObject({ warnings: [] });
  });
});

function raise(): never {
  throw new Error("there is no warning");
}

describe("where a setting of a common variable is given", () => {
  it("is that variable, unless another source has it", () => {
    const environment = { LOG_LEVEL: "2" };
    expect(load({ environment }).placeOf(["task", "logLevel"])).toBe("LOG_LEVEL");
    expect(load({ environment }).placeOf(["task", "configMapName"])).toBeUndefined();
    expect(load({ environment, file: "task: {logLevel: 3}" }).placeOf(["task", "logLevel"])).toBe("registrar.yaml:1");
  });
});

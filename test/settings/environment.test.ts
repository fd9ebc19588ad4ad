import { describe, expect, it } from "vitest";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted, variableOf } from "../../src/settings/names.ts";
import { load, problemsOf } from "./loading.ts";

const empty = "appVersion: the text is empty; for example 2026.3.4";

describe("an empty variable", () => {
  const others = leavesOfSettings().filter(({ path }) => dotted(path) !== "appVersion");
  const variables = [...others.map(variableOf), "CONFIG_MAP_NAME", "LOG_LEVEL", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];

  it("counts as not given", () => {
    const environment = Object.fromEntries([...variables, "FLYTE_API_KEY"].map((name) => [name, ""]));
    expect(load({ environment })).toEqual({ ...load({}), placeOf: expect.any(Function) });
  });

  it("does not hide what the file says", () => {
    const environment = { REGISTRAR_TASK_PROJECT: "", CONFIG_MAP_NAME: "", REGISTRAR_TASK_LOG_LEVEL: "" };
    const { task } = load({ environment, file: "task: {project: p, configMapName: c, logLevel: 1}" }).settings;
    expect(task).toMatchObject({ project: "p", configMapName: "c", logLevel: 1 });
  });

  it("is an error for REGISTRAR_APP_VERSION, which would register an image without a tag", () => {
    const environment = { REGISTRAR_APP_VERSION: "" };
    expect(problemsOf({ environment })).toEqual([empty]);
    expect(problemsOf({ environment, file: "appVersion: 2026.3.4" })).toEqual([empty]);
  });
});

describe("the proxy", () => {
  // Which variable counts: tried with flyte 2.12.1, which differs from curl in that upper case comes first.
  it.each<[environment: Record<string, string>, host: string | undefined]>([
    [{ HTTPS_PROXY: "a:1" }, "a:1"],
    [{ https_proxy: "http://a:1" }, "a:1"],
    [{ ALL_PROXY: "http://a:1/" }, "a:1"],
    [{ all_proxy: "a:1" }, "a:1"],
    [{ HTTPS_PROXY: "a:1", https_proxy: "b:1" }, "a:1"],
    [{ HTTPS_PROXY: "a:1", ALL_PROXY: "socks5://b:1" }, "a:1"],
    [{ https_proxy: "a:1", ALL_PROXY: "b:1" }, "a:1"],
    [{ HTTPS_PROXY: "", ALL_PROXY: "b:1" }, "b:1"],
    [{ HTTP_PROXY: "a:1" }, undefined],
    [{ REGISTRAR_CONTROL_PLANE_PROXY: "a:1", HTTPS_PROXY: "b:1" }, "a:1"],
  ])("of %j is %s", (environment, host) => {
    expect(load({ environment, file: "controlPlane: {endpoint: union.example.com}" }).target?.proxy?.url.host).toBe(
      host,
    );
  });

  it("is none where a setting is empty, as with curl --proxy ''", () => {
    const file = "controlPlane: {endpoint: union.example.com, proxy: ''}";
    expect(load({ file }).target?.proxy).toBeUndefined();
  });
});

describe("what is no text is written as YAML in variables and flags", () => {
  it.each([
    ["REGISTRAR_TASK_LOG_LEVEL", "4", { logLevel: 4 }],
    ["REGISTRAR_TASK_POD_TEMPLATE_LABELS", "{team: a}", { podTemplate: { labels: { team: "a" } } }],
    ["REGISTRAR_TASK_POD_TEMPLATE_LABELS", '{"team":"a"}', { podTemplate: { labels: { team: "a" } } }],
    ["REGISTRAR_TASK_POD_TEMPLATE_LABELS", "team: a", { podTemplate: { labels: { team: "a" } } }],
    [
      "REGISTRAR_TASK_POD_TEMPLATE_IMAGE_PULL_SECRETS",
      "[{name: a}]",
      { podTemplate: { imagePullSecrets: [{ name: "a" }] } },
    ],
  ])("%s=%s", (variable, text, task) => {
    expect(load({ environment: { [variable]: text } }).settings.task).toMatchObject(task);
  });

  it("text stays text, even where YAML would read a number", () => {
    const { appVersion, release } = load({
      environment: { APP_VERSION: "2026.10", REGISTRAR_RELEASE_CLUSTER: "true" },
    }).settings;
    expect([appVersion, release.cluster]).toEqual(["2026.10", "true"]);
  });

  it.each(["{a: ", "*a", "&a [*a]", "&a {b: *a}", "!tag x", "just words"])("%s is no mapping", (text) => {
    expect(problemsOf({ environment: { REGISTRAR_TASK_POD_TEMPLATE_LABELS: text } })).toEqual([
      `task.podTemplate.labels: the text of ${text.length} characters is not a mapping; for example {"team":"platform"}`,
    ]);
  });
});

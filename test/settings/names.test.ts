import { describe, expect, it } from "vitest";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted, flagOf, variableOf } from "../../src/settings/names.ts";

describe("names of a setting", () => {
  it.each([
    [["appVersion"], "--app-version", "REGISTRAR_APP_VERSION", "appVersion"],
    [["flyteCommand"], "--flyte-command", "REGISTRAR_FLYTE_COMMAND", "flyteCommand"],
    [
      ["controlPlane", "auth", "clientId"],
      "--control-plane-auth-client-id",
      "REGISTRAR_CONTROL_PLANE_AUTH_CLIENT_ID",
      "controlPlane.auth.clientId",
    ],
  ])("%j", (path, flag, variable, name) => {
    expect([flagOf({ path }), variableOf({ path }), dotted(path)]).toEqual([flag, variable, name]);
  });

  it("writes the place in a list in brackets", () => {
    expect(dotted(["task", "env", 0, "name"])).toBe("task.env[0].name");
    expect(dotted(["a", 1, 2])).toBe("a[1][2]");
  });

  it("are all different", () => {
    const leaves = leavesOfSettings();
    for (const nameOf of [flagOf, variableOf]) expect(new Set(leaves.map(nameOf)).size).toBe(leaves.length);
  });
});

describe("the list of settings", () => {
  it("names each setting once, those of every type of login among them", () => {
    const names = leavesOfSettings().map(({ path }) => dotted(path));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith("controlPlane.auth."))).toEqual([
      "controlPlane.auth.type",
      "controlPlane.auth.clientId",
      "controlPlane.auth.clientSecretFile",
      "controlPlane.auth.clientSecretVariable",
      "controlPlane.auth.scopes",
      "controlPlane.auth.apiKeyFile",
      "controlPlane.auth.command",
    ]);
  });

  it.each([
    ["appVersion", "text", undefined],
    ["trigger", "install|upgrade|rollback|manual|schedule|test|build", "manual"],
    ["controlPlane.auth.type", "none|clientSecret|apiKey|externalCommand", "none"],
    ["controlPlane.auth.command", "list", undefined],
    ["controlPlane.insecure", "boolean", false],
    ["controlPlane.proxy", "text", undefined],
    ["task.logLevel", "number", 5],
    ["task.podTemplate.labels", "object", {}],
    ["task.podTemplate.resources", "object", {}],
    ["task.podTemplate.env", "list", []],
    ["task.deployWith", "api|flyte", "api"],
    ["policy.whenNewer", "keep|replace|fail", "keep"],
    ["timeouts.total", "duration", "240s"],
  ])("knows kind and default of %s", (name, kind, fallback) => {
    const leaf = leavesOfSettings().find(({ path }) => dotted(path) === name);
    expect(leaf).toMatchObject({ kind });
    expect(leaf?.fallback).toEqual(fallback);
  });
});

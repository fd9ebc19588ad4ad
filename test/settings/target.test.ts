import { describe, expect, it } from "vitest";
import { requireTarget } from "../../src/settings/load.ts";
import { load, problemsOf, refused } from "./loading.ts";

describe("the control plane of the settings", () => {
  it("is what commands that contact one get", () => {
    const loaded = load({ file: "controlPlane: {endpoint: union.example.com, noProxy: .svc}" });
    expect(requireTarget(loaded)).toBe(loaded.target);
    expect(loaded.target).toMatchObject({ endpoint: { hostname: "union.example.com" }, noProxy: ".svc", org: "" });
  });

  it("has no host that is left without the proxy unless one is given", () => {
    expect(load({ file: "controlPlane: {endpoint: union.example.com}" }).target).toMatchObject({ noProxy: "" });
  });

  it("is asked for by its name where it is missing", () => {
    expect(() => requireTarget(load({}))).toThrow(
      expect.objectContaining({
        code: "settings-wrong",
        exit: 2,
        finding: expect.objectContaining({
          args: { problems: [{ setting: "controlPlane.endpoint", problem: expect.stringMatching(/^not set; .*:/) }] },
        }),
      }),
    );
  });

  it("is refused by its name where its endpoint is none, and the text is not repeated", () => {
    const given = { file: "controlPlane: {endpoint: 'https://user:CANARY@union.example.com'}" };
    expect(problemsOf(given)).toEqual([expect.stringMatching(/^controlPlane\.endpoint: .*for example dns:/)]);
    expect(JSON.stringify(refused(given).finding)).not.toContain("CANARY");
  });

  it("is refused in the same words where an API key names it", () => {
    const key = Buffer.from("union.example.com/path:id:CANARY:acme").toString("base64");
    expect(problemsOf({ environment: { FLYTE_API_KEY: key } })).toEqual([
      expect.stringMatching(/^controlPlane\.endpoint: (?!.*CANARY)/),
    ]);
  });
});

describe("a variable that holds a secret", () => {
  it.each([{}, { HUSH: "" }, { HUSH: " \n" }])("is missing in %j", (environment) => {
    const file = "controlPlane: {auth: {type: clientSecret, clientId: me, clientSecretVariable: HUSH}}";
    expect(refused({ file, environment })).toMatchObject({
      code: "variable-missing",
      finding: { args: { variable: "HUSH", setting: "controlPlane.auth.clientSecretVariable" } },
    });
  });
});

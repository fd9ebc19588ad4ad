import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { flyteConfig } from "../../src/flyte/cli-config.ts";
import { parseProxy } from "../../src/network/route.ts";
import type { ControlPlaneTarget } from "../../src/settings/load.ts";
import { scope, targetOf } from "../control-plane/sessions.ts";

const files = { clientSecret: "/private/client-secret", certificateAuthorities: "/private/ca.pem" };
const url = "https://union.example.com";
const config = (more: Partial<ControlPlaneTarget> = {}, from = url) =>
  parse(flyteConfig(targetOf({ url: from }, more), scope, files));
const secret = { type: "clientSecret", clientId: "registrar", clientSecret: "canary" } as const;

describe("the configuration of the flyte CLI", () => {
  test("names the control plane, the task's place and no image builder", () => {
    expect(config()).toEqual({
      admin: { endpoint: "dns:///union.example.com", insecure: false, disableKeyring: true },
      task: { org: "testorg", project: "system", domain: "production" },
      image: { builder: "local" },
    });
  });

  test.each([
    ["https://union.example.com", "dns:///union.example.com", false],
    ["https://union.example.com:8443", "dns:///union.example.com:8443", false],
    ["http://localhost:8090", "dns:///localhost:8090", true],
    ["http://[::1]:8090", "dns:///[::1]:8090", true],
  ])("writes %s as %s, insecure: %s", (from, endpoint, insecure) => {
    expect(config({}, from).admin).toMatchObject({ endpoint, insecure });
  });

  test("leaves the organisation out where there is none", () => {
    const { task } = parse(flyteConfig(targetOf({ url }), { ...scope, org: "" }, files));
    expect(task).toEqual({ project: "system", domain: "production" });
  });

  test("says where the client secret lies, and not what it is", () => {
    const target = targetOf({ url }, { credentials: secret });
    expect(parse(flyteConfig(target, scope, files)).admin).toMatchObject({
      authType: "ClientSecret",
      clientId: "registrar",
      clientSecretLocation: files.clientSecret,
    });
    expect(flyteConfig(target, scope, files)).not.toContain("canary");
  });

  test("requests the scopes of the settings, and names none where there are none", () => {
    const scopes = ["api://union/.default", "a: b"];
    expect(config({ credentials: { ...secret, scopes } }).admin.scopes).toEqual(scopes);
    expect(config({ credentials: secret }).admin).not.toHaveProperty("scopes");
  });

  test("names the variable of a client secret where a person's own configuration is to be shown", () => {
    const inVariable = { ...files, clientSecretVariable: "HUSH" };
    const { admin } = parse(flyteConfig(targetOf({ url }, { credentials: secret }), scope, inVariable));
    expect(admin).toMatchObject({ authType: "ClientSecret", clientId: "registrar", clientSecretEnvVar: "HUSH" });
    expect(admin).not.toHaveProperty("clientSecretLocation");
  });

  test("gives the token command word for word", () => {
    const command = ["uctl", "get token", "--x: {y}", "#no comment", "'\"", "yes"] as const;
    expect(config({ credentials: { type: "externalCommand", command } }).admin).toMatchObject({
      authType: "ExternalCommand",
      command,
    });
  });

  test("never looks into a keyring", () => {
    for (const credentials of [secret, { type: "none" } as const]) {
      expect(config({ credentials }).admin).toMatchObject({ disableKeyring: true });
    }
  });

  test("trusts the given CAs, and skips verification only without them", () => {
    expect(config({ certificateAuthorities: "PEM" }).admin.caCertFilePath).toBe(files.certificateAuthorities);
    expect(config({ skipVerify: true }).admin).toMatchObject({ insecureSkipVerify: true });
    const both = config({ skipVerify: true, certificateAuthorities: "PEM" }).admin;
    expect(both).toMatchObject({ caCertFilePath: files.certificateAuthorities });
    expect(both).not.toHaveProperty("insecureSkipVerify");
  });

  test("holds no password of a proxy: the proxy travels in the environment", () => {
    const text = flyteConfig(targetOf({ url }, { proxy: parseProxy("http://us:canary@proxy:3128") }), scope, files);
    expect(text).not.toContain("canary");
  });
});

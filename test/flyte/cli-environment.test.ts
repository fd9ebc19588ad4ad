import { describe, expect, test } from "vitest";
import { createFlyteEnvironment } from "../../src/flyte/cli-environment.ts";
import { parseProxy } from "../../src/network/route.ts";
import type { ControlPlaneTarget } from "../../src/settings/load.ts";
import { targetOf } from "../control-plane/sessions.ts";

const files = { home: "/private", certificateAuthorities: "/private/ca.pem" };
const ours = {
  PATH: "/usr/bin",
  HOME: "/home/user",
  LANG: "C.UTF-8",
  TZ: "UTC",
  AWS_PROFILE: "builds",
  UNSET: undefined,
  FLYTE_API_KEY: "canary",
  FLYTECTL_CONFIG: "canary",
  _F_X: "canary",
  UNION_CONFIG: "canary",
  UCTL_CONFIG: "canary",
  REGISTRAR_TASK_DOMAIN: "canary",
  APP_VERSION: "canary",
  LOG_LEVEL: "canary",
  CONFIG_MAP_NAME: "canary",
  PYTHONPATH: "canary",
  PYTHONSTARTUP: "canary",
  SSL_CERT_FILE: "canary",
  SSL_CERT_DIR: "canary",
};

const environment = (more: Partial<ControlPlaneTarget> = {}, from: Record<string, string | undefined> = ours) =>
  createFlyteEnvironment(from, targetOf({ url: "https://union.example.com" }, more), files);

describe("the environment of the flyte CLI", () => {
  test("is made anew: of ours only what a program needs to run", () => {
    expect(environment()).toEqual({
      PATH: "/usr/bin",
      LANG: "C.UTF-8",
      TZ: "UTC",
      HOME: "/private",
      TMPDIR: "/private",
      FLYTE_DISABLE_SENTRY: "true",
      FLYTE_DISABLE_TELEMETRY: "true",
      NO_COLOR: "1",
      TERM: "dumb",
      COLUMNS: "2000",
      PYTHONUNBUFFERED: "1",
      PYTHONDONTWRITEBYTECODE: "1",
    });
  });

  test("holds no secret of the credentials", () => {
    const credentials = { type: "clientSecret", clientId: "registrar", clientSecret: "canary" } as const;
    expect(Object.values(environment({ credentials })).join()).not.toContain("canary");
  });

  test("names the proxy under each name that libraries read, and who is reached without it", () => {
    const proxy = parseProxy("http://proxy:3128");
    expect(environment({ proxy, noProxy: ".svc,10.0.0.0/8" })).toMatchObject({
      HTTPS_PROXY: proxy.url.href,
      https_proxy: proxy.url.href,
      HTTP_PROXY: proxy.url.href,
      http_proxy: proxy.url.href,
      NO_PROXY: ".svc,10.0.0.0/8",
      no_proxy: ".svc,10.0.0.0/8",
    });
    expect(Object.keys(environment({ proxy })).filter((name) => /no_proxy/i.test(name))).toEqual([]);
  });

  test("names the CAs for the token endpoint too", () => {
    expect(environment({ certificateAuthorities: "PEM" })["SSL_CERT_FILE"]).toBe(files.certificateAuthorities);
  });
});

describe("with a token command, which may need cloud credentials, the environment", () => {
  const credentials = { type: "externalCommand", command: ["uctl", "get-token"] } as const;

  test("is ours, but for what would steer the CLI", () => {
    const given = environment({ credentials });
    expect(given).toMatchObject({ AWS_PROFILE: "builds", HOME: "/home/user", PATH: "/usr/bin", TMPDIR: "/private" });
    expect(Object.values(given).join()).not.toContain("canary");
    expect(given).not.toHaveProperty("UNSET");
  });

  test("has the private folder for a home where there is none", () => {
    expect(environment({ credentials }, { PATH: "/usr/bin" })["HOME"]).toBe("/private");
  });

  test("has our proxy in place of another", () => {
    const other = { ...ours, HTTP_PROXY: "http://other", https_proxy: "http://other" };
    const given = environment({ credentials, proxy: parseProxy("http://proxy:3128") }, other);
    expect(Object.values(given)).not.toContain("http://other");
  });
});

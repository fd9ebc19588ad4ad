import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { checkReportSchema } from "../../src/report/check-report.ts";
import { type HealthyWorld, release } from "../../testing/healthy-world/healthy-world.ts";
import { runForReport, runProgram, throughFlyte } from "../../testing/program/run-program.ts";
import { openWorld } from "./fault.ts";

/** A person's workstation: a flyte configuration in the home folder, no settings file, and the appVersion. */
async function workstation(world: HealthyWorld, admin: object = {}) {
  const logIn = { authType: "ClientSecret", clientId: "registrar", clientSecretLocation: "client_secret" };
  const connection = { endpoint: `dns:///${new URL(world.plane.url).host}`, caCertFilePath: "ca.crt" };
  const config = {
    admin: { ...connection, ...logIn, ...admin },
    task: { project: "flytesnacks", domain: "development" },
  };
  await world.write("flyte.yaml", stringify(config));
  const flags = ["--flyte-config=~/flyte.yaml", "--app-version", release];
  return { flags, options: { cwd: world.path("."), env: { ...world.environment, HOME: world.path(".") } } };
}

/** Runs `registrar check` there. */
async function checked(world: HealthyWorld, admin?: object, more: readonly string[] = []) {
  const { flags, options } = await workstation(world, admin);
  const { host } = world.registry;
  const images = ["--task-image-name-prefix", `${host}/union`, "--registry-insecure-hosts", `['${host}']`];
  const command = [...images, "--flyte-command", world.path("flyte"), "--output", "json"];
  const { stdout, stderr } = await runProgram(["check", ...flags, ...more, ...command], options);
  expect(stderr).toBe("");
  return checkReportSchema.parse(JSON.parse(stdout));
}

describe("a flyte configuration", () => {
  it("is enough for every check, with its paths from the working directory", async () => {
    await using world = await openWorld();
    const { checks, exitCode } = await checked(world);
    expect(checks.filter(({ status }) => status === "failed" || status === "warning")).toEqual([]);
    expect(checks[0]?.detail).toBe("~/flyte.yaml, flags and variables over these");
    expect(exitCode).toBe(0);
  });

  it("lies below our own file", async () => {
    await using world = await openWorld();
    const own = await world.write("own.yaml", stringify({ controlPlane: { endpoint: world.plane.url } }));
    const { checks, exitCode } = await checked(world, { endpoint: "nowhere.invalid" }, ["--config", own]);
    expect(checks[0]?.detail).toBe(`${own} over ~/flyte.yaml, flags and variables over these`);
    expect(exitCode).toBe(0);
  });

  it("may keep the secret in a variable, which the flyte CLI's child then gets as well", async () => {
    await using world = await openWorld();
    const place = { clientSecretLocation: undefined, clientSecretEnvVar: "HUSH" };
    const { flags, options } = await workstation(world, place);
    const env = { ...options.env, HUSH: "the-secret" };
    const more = [...throughFlyte(), "--app-version", "2026.3.5"];
    expect(await runForReport(["register", ...flags, ...more], { ...options, env })).toMatchObject({ exitCode: 0 });
    expect(world.plane.registrations().map(({ version }) => version)).toContain("2026.3.5");
  });

  it("that uses a browser login leaves the login to be configured, and the finding says why and what to do", async () => {
    await using world = await openWorld();
    const browser = { authType: undefined, clientSecretLocation: undefined };
    const wanted = {
      code: "credentials-missing",
      why: expect.stringContaining(
        "the flyte configuration uses an interactive (browser) login (no authType means Pkce)",
      ),
      fix: expect.stringMatching(/^Set FLYTE_API_KEY to an API key/),
      next: expect.stringMatching(/^registrar check --flyte-config ~\/flyte.yaml\b/),
    };
    const { checks } = await checked(world, browser);
    expect(checks.flatMap(({ finding }) => finding ?? [])).toMatchObject([wanted]);
    const { flags, options } = await workstation(world, browser);
    const status = await runForReport(["status", ...flags], options);
    expect(status.findings).toMatchObject([wanted]);
    const apiKey = Buffer.from("localhost:registrar:the-secret:acme").toString("base64");
    const withKey = { ...options, env: { ...options.env, FLYTE_API_KEY: apiKey } };
    expect(
      await runForReport(["status", ...flags, "--control-plane-endpoint", world.plane.url], withKey),
    ).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ["a file that is not there", "--flyte-config=~/none.yaml", /none\.yaml$/],
    ["a file that is no YAML", "--flyte-config=broken.yaml", /broken\.yaml$/],
  ])("is refused as a settings file where it is %s", async (_name, flag, next) => {
    await using world = await openWorld();
    const { options } = await workstation(world);
    await world.write("broken.yaml", "admin: {endpoint: [canary");
    const report = await runForReport(["status", flag], options);
    expect(report).toMatchObject({
      exitCode: 2,
      findings: [{ code: "settings-file-unreadable", next: expect.stringMatching(next) }],
    });
    expect(JSON.stringify(report)).not.toContain("canary");
  });

  it("stands in the commands to run next, with the settings file if there is one", async () => {
    await using world = await openWorld();
    const { flags, options } = await workstation(world, {
      clientSecretLocation: undefined,
      clientSecretEnvVar: "HUSH",
    });
    const next = async (more: readonly string[]) =>
      (await runForReport(["status", ...flags, ...more], options)).findings[0]?.next;
    expect(await next([])).toBe(`registrar check --flyte-config ~/flyte.yaml --app-version ${release}`);
    const own = await world.write("own.yaml", "{}");
    expect(await next(["--config", own])).toBe(
      `registrar check --config ${own} --flyte-config ~/flyte.yaml --app-version ${release}`,
    );
  });
});

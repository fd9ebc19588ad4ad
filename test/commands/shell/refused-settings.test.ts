import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import type { CommandName } from "../../../src/findings/reader.ts";
import { createFakeWorld } from "../../fake-world.ts";

interface Started {
  file?: string;
  args?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}

/** Runs a command with a settings file; its report, and what it told the cluster. */
async function run(command: CommandName, { file, args = [], environment = {} }: Started) {
  const told = { events: [] as string[], status: {} as Record<string, string> };
  const cluster = {
    namespace: "union",
    createEvent: async (_job, { reason }) => void told.events.push(reason),
    patchConfigMap: async (_name, data) => void Object.assign(told.status, data),
  } satisfies Partial<Cluster> as unknown as Cluster;
  const world = createFakeWorld({
    environment,
    readFile: (path) => {
      if (path === "r.yaml" && file !== undefined) return Buffer.from(file);
      return readFileSync(path);
    },
    openCluster: async () => cluster,
  });
  const exitCode = await runCli([command, "--config", "r.yaml", "--output", "json", ...args], world);
  return { exitCode, told, report: JSON.parse(world.written.out), text: world.written };
}

const warn = { REGISTRAR_POLICY_FAILURE: "warn" };

describe("settings that are refused, under policy.failure warn", () => {
  it.each<[string, string, Started]>([
    ["of the file", "settings-wrong", { file: "policy: {failure: warn}\ntask: {logLevel: 9}" }],
    ["of a variable, for a file that is no YAML", "settings-file-unreadable", { file: "a: [", environment: warn }],
    ["of a variable, for a file that is missing", "settings-file-unreadable", { environment: warn }],
    ["of a flag", "settings-wrong", { file: "appVersoin: 1", args: ["--policy-failure", "warn"] }],
    ["of the file, for an appVersion that is missing", "settings-wrong", { file: "policy: {failure: warn}" }],
  ])("%s, are reported in full, and register ends with 0", async (_name, code, started) => {
    const { exitCode, report, text } = await run("register", started);
    expect([exitCode, report.exitCode]).toEqual([0, 0]);
    expect(report).toMatchObject({
      state: "failed",
      summary: expect.stringMatching(
        /builds may use an older appVersion.*exit code 0 because policy\.failure is warn$/,
      ),
      findings: [{ code, severity: "error", fix: expect.stringMatching(/./) }],
    });
    expect(text.terminationMessage).toContain(`ERROR ${code}`);
  });

  it.each(["verify", "status"] as const)("end %s with 2 all the same", async (command) => {
    const { exitCode } = await run(command, {
      file: "policy: {failure: warn}\ntask: {logLevel: 9}",
      environment: warn,
    });
    expect(exitCode).toBe(2);
  });

  it("are told to the cluster, under the trigger of the run", async () => {
    const file = [
      "trigger: upgrade",
      "policy: {failure: warn}",
      "cluster: {enabled: true, jobName: job, jobUid: uid}",
      "task: {logLevel: 9}",
    ].join("\n");
    const { told } = await run("register", { file });
    expect(told.events).toEqual(["SettingsWrong", "Failed"]);
    expect(JSON.parse(told.status["upgrade"] ?? "")).toMatchObject({ state: "failed", codes: ["settings-wrong"] });
  });
});

describe("settings that are refused, without a policy that holds", () => {
  it.each<[string, Started]>([
    ["nothing says warn", { file: "task: {logLevel: 9}" }],
    ["only a file that cannot be read does", { file: "policy: {failure: warn}\na: [" }],
    ["what overrides it is wrong itself", { file: "policy: {failure: warn}", args: ["--policy-failure", "warning"] }],
  ])("end register with 2: %s", async (_name, started) => {
    expect(await run("register", started)).toMatchObject({ exitCode: 2, report: { exitCode: 2 } });
  });
});

it("wrong usage ends with 2 whatever the policy", async () => {
  const world = createFakeWorld({ environment: warn });
  expect(await runCli(["register", "--policy-failure", "warn", "--nonsense"], world)).toBe(2);
  expect(world.written.error).toContain("usage-wrong");
});

describe("a common variable that cannot be used", () => {
  const file = "appVersion: 2026.3.4\ncontrolPlane: {endpoint: 'http://127.0.0.1:9'}";
  const environment = { LOG_LEVEL: "info" };

  it("is one warning in the report of a run", async () => {
    const { report } = await run("register", { file, environment, args: ["--timeouts-control-plane", "1s"] });
    expect(report.findings).toMatchObject([{ code: "variable-ignored", severity: "warning" }, { severity: "error" }]);
  });

  it("is one warning of check, and of no other check", async () => {
    const { report } = await run("check", { file, environment, args: ["--category", "settings"] });
    expect(report.checks.filter(({ status }: { status: string }) => status === "warning")).toMatchObject([
      { name: "variables", finding: { code: "variable-ignored", what: expect.stringContaining("LOG_LEVEL") } },
    ]);
    expect(report.exitCode).toBe(0);
  });

  it("is one warning of render, on standard error", async () => {
    const world = createFakeWorld({ environment: { ...environment, REGISTRAR_APP_VERSION: "2026.3.4" } });
    const exitCode = await runCli(["render"], { ...world, readFile: (path) => readFileSync(path) });
    expect(exitCode).toBe(0);
    expect(world.written.error.match(/WARNING variable-ignored/g)).toHaveLength(1);
    expect(world.written.out).not.toContain("variable-ignored");
  });
});

import { describe, expect, test } from "vitest";
import { requireSuitableFlyte } from "../../src/flyte/cli-version.ts";
import type { ProcessRequest, ProcessResult } from "../../src/system/process.ts";
import { described } from "../../testing/findings/described.ts";
import { failureOf } from "../control-plane/sessions.ts";

const { signal } = new AbortController();
const requests: ProcessRequest[] = [];

/** The version that is found where `flyte --version` ends like this. */
function versionOf(result: Partial<ProcessResult>): Promise<string> {
  const runProcess = async (request: ProcessRequest) => {
    requests.push(request);
    return { exitCode: 0, stdout: "", stderr: "", timedOut: false, ...result };
  };
  const environment = { PATH: "/usr/bin", FLYTE_API_KEY: "canary" };
  return requireSuitableFlyte("/opt/flyte", { runProcess, environment, temporaryFolder: "/tmp" }, signal);
}

const says = (version: string) => ({ stdout: `Flyte CLI version: ${version}\n` });

describe("the version of the flyte CLI", () => {
  test.each(["2.12.0", "2.12.1", "2.13.0-rc.1", "3.0.0"])("%s is suitable", async (version) => {
    expect(await versionOf(says(version))).toBe(version);
  });

  test.each([
    ["2.5.14", "flyte-outdated"],
    ["2.5.15-rc.1", "flyte-outdated"],
    ["2.5.15", "flyte-unsuitable"],
    ["2.5.16", "flyte-unsuitable"],
    ["2.6.0-rc.1", "flyte-unsuitable"],
    // As Python writes a pre-release.
    ["2.8.0rc1", "flyte-unsuitable"],
    ["2.12.0b1", "flyte-outdated"],
    ["2.8.99", "flyte-unsuitable"],
    ["2.9.0-rc.1", "flyte-unsuitable"],
    ["2.9.0", "flyte-outdated"],
    ["2.11.99", "flyte-outdated"],
    ["2.12.0-rc.1", "flyte-outdated"],
    ["1.99.0", "flyte-outdated"],
  ])("%s is %s, and the message names it", async (version, code) => {
    const error = await failureOf(versionOf(says(version)));
    expect(error.code).toBe(code);
    expect(`${described(error).what} ${error.finding.why}`).toContain(version);
  });

  test("is asked for without a secret in the environment, and in a folder of our own", async () => {
    await versionOf(says("2.12.0"));
    expect(requests.at(-1)).toMatchObject({
      command: "/opt/flyte",
      args: ["--version"],
      cwd: "/tmp",
      environment: { PATH: "/usr/bin", FLYTE_DISABLE_SENTRY: "true" },
    });
    expect(JSON.stringify(requests.at(-1))).not.toContain("canary");
  });

  test.each<[string, Partial<ProcessResult>, string, string]>([
    ["it does not end", { timedOut: true, exitCode: 143 }, "flyte-timeout", ""],
    ["it cannot start", { exitCode: undefined, startFailure: "spawn ENOENT" }, "flyte-missing", "spawn ENOENT"],
    ["it fails and says why", { exitCode: 1, stderr: "no module" }, "flyte-missing", "no module"],
    ["it fails without a word", { exitCode: 7 }, "flyte-missing", "7"],
    ["it says something else", { stdout: " usage: flyte \n" }, "flyte-missing", "usage: flyte"],
  ])("is not known where %s", async (_, result, code, why) => {
    const { finding } = await failureOf(versionOf(result));
    expect(finding).toMatchObject({ code, why: expect.stringMatching(new RegExp(`${why}$`)) });
  });
});

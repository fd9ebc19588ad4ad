import { compare } from "@renovatebot/pep440";
import { describe, expect, test } from "vitest";
import { RegistrarError } from "../../src/findings/registrar-error.ts";
import { requireSuitableFlyte } from "../../src/flyte/cli-version.ts";
import type { ProcessRequest, ProcessResult } from "../../src/system/process.ts";
import { described } from "../../testing/findings/described.ts";
import { failureOf } from "../control-plane/sessions.ts";
import { ascending, noVersions } from "./python-versions.ts";

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

function codeOf(error: unknown): string {
  if (error instanceof RegistrarError) return error.code;
  throw error;
}

const says = (version: string) => ({ stdout: `Flyte CLI version: ${version}\n` });

describe("the version of the flyte CLI", () => {
  test.each(["2.12.0", "2.12.1", "2.12", "2.12.0.post1", "2.13.0-rc.1", "2.13.0.dev3+g1a2b3c4", "v2.13.0", "1!0.1"])(
    "%s is suitable",
    async (version) => {
      expect(await versionOf(says(version))).toBe(version);
    },
  );

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
    ["2.0.0-beta52", "flyte-outdated"],
    ["2.4.0.post3", "flyte-outdated"],
    ["2.5.15.dev1", "flyte-outdated"],
    ["2.5.15.post1", "flyte-unsuitable"],
    ["2.6.0.dev3", "flyte-unsuitable"],
    ["2.8.1.post4+local", "flyte-unsuitable"],
    ["2.9.0rc2.post1.dev4", "flyte-unsuitable"],
    ["2.10.0.post1", "flyte-outdated"],
    ["2.12.0.dev7+g1a2b3c4", "flyte-outdated"],
    ["0+unknown", "flyte-outdated"],
  ])("%s is %s, and the message names it", async (version, code) => {
    const error = await failureOf(versionOf(says(version)));
    expect(error.code).toBe(code);
    expect(`${described(error).what} ${error.finding.why}`).toContain(version);
  });

  test("is judged in the order of Python: what is below a version that is refused is refused too", async () => {
    const verdicts: (string | undefined)[][] = [];
    for (const row of ascending) {
      const found = row.map(async (version) => versionOf(says(version)).then(() => undefined, codeOf));
      verdicts.push(await Promise.all(found));
    }
    // Equal versions are judged equally.
    for (const row of verdicts) expect(new Set(row).size).toBe(1);
    const runs = verdicts.map(([code]) => code).filter((code, index, all) => code !== all[index - 1]);
    expect(runs).toEqual(["flyte-outdated", "flyte-unsuitable", "flyte-outdated", undefined]);
    const firstOf = (code: string | undefined, from = 0) =>
      ascending[verdicts.findIndex(([each], index) => index >= from && each === code)]?.[0];
    expect(firstOf("flyte-unsuitable")).toBe("2.5.15");
    expect(firstOf(undefined)).toBe("2.12.0");
  });

  test("is ordered by the library as by Python", () => {
    const flat = ascending.flatMap((row, rank) => row.map((version) => ({ version, rank })));
    for (const one of flat) {
      for (const other of flat) {
        const order = Math.sign(compare(one.version, other.version));
        expect(order, `${one.version} and ${other.version}`).toBe(Math.sign(one.rank - other.rank));
      }
    }
  });

  test.each(noVersions.filter((text) => /^\S+$/.test(text)))(
    "%s is none, and is not taken for a suitable one",
    async (text) => {
      const { code, finding } = await failureOf(versionOf(says(text)));
      expect(code).toBe("flyte-version-unknown");
      expect(finding.why).toContain(text);
    },
  );

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

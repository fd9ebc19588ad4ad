import { describe, expect, it } from "vitest";
import { imageListReportSchema } from "../../src/images/image-list-report.ts";
import { runProgram } from "../../testing/program/run-program.ts";

const to = "registry.example.com/union";

describe("images", () => {
  it.each(["2026.3.4", "2026.3.6"])(
    "prints one reference a line where no person reads, for %s with uv",
    async (version) => {
      const run = await runProgram(["images", "--app-version", version]);
      const lines = run.stdout.split("\n");
      expect(lines).toContain("ghcr.io/astral-sh/uv");
      expect(lines.filter((line) => !/^[a-z0-9.-]+(\/[a-z0-9._-]+)+(:[\w.-]+)?$/.test(line))).toEqual([]);
      expect(run).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining("Not listed: the tag of ghcr.io/astral-sh/uv"),
      });
    },
  );

  it.each(["2026.3.7", "2026.8.3", "2026.10.0"])("lists no uv for %s", async (version) => {
    const { stdout, exitCode } = await runProgram(["images", "--app-version", version]);
    expect([exitCode, stdout.includes("astral-sh")]).toEqual([0, false]);
  });

  it("prints JSON that fits its schema, with what to paste for a mirror", async () => {
    const flags = ["--python", "3.12", "3.13", "--sdk-version", "2.12.1", "--base-image", "python:3.12-slim"];
    const run = await runProgram(["images", "--app-version", "2026.3.4", ...flags, "--to", to, "--format", "json"]);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    const report = imageListReportSchema.parse(JSON.parse(run.stdout));
    expect(report.images.map(({ target }) => target)).toContain(`${to}/flyteorg/flyte:py3.13-v2.12.1`);
    expect(report.values?.buildkitdToml).toContain('[registry."docker.io"]');
  });

  it("prints a table for a person, with the values, and flags override settings", async () => {
    const env = { REGISTRAR_BUILDS_PYTHON_VERSIONS: "['3.11']", REGISTRAR_BUILDS_SDK_VERSION: "2.11.0" };
    const flags = ["--app-version", "2026.8.3", "--python", "3.12", "--to", to, "--format", "table"];
    const run = await runProgram(["images", ...flags], { env });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toContain("ghcr.io/flyteorg/flyte:py3.12-v2.11.0\n");
    expect(run.stdout).not.toContain("py3.11");
    expect(run.stdout).toContain(`task:\n  imageNamePrefix: ${to}\n`);
  });

  it("prints a script that a POSIX shell reads", async () => {
    const run = await runProgram(["images", "--app-version", "2026.8.3", "--to", to, "--format", "script"]);
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^#!\/bin\/sh\n/) });
  });

  it.each([
    [["--format", "script", "--app-version", "1"], "usage-wrong", "--format script requires --to"],
    [["--to", "https://registry.example.com", "--app-version", "1"], "usage-wrong", "It has a scheme"],
    [["--python", "312", "--app-version", "1"], "usage-wrong", "is not a Python version such as 3.12"],
    [["--sdk-version", "v2", "--app-version", "1"], "usage-wrong", "is not a version of the flyte SDK"],
    [["--base-image", "a//b", "--app-version", "1"], "usage-wrong", "has an empty part"],
    [[], "settings-wrong", "appVersion: not set"],
    [["--app-version-from", "deployment/union-operator"], "settings-wrong", "does not read deployment/union-operator"],
    [
      ["--base-image", "ghcr.io/a/b:1", "quay.io/a/b:1", "--to", to, "--app-version", "1"],
      "mirror-targets-collide",
      "",
    ],
  ])("ends with 2 for %j: %s", async (flags, code, words) => {
    const run = await runProgram(["images", ...flags]);
    expect(run).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining(words) });
    expect(run.stderr).toContain(`ERROR ${code}\n`);
  });
});

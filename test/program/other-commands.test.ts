import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { against, runForReport, runProgram } from "../../testing/program/run-program.ts";

const release = ["--app-version", "2026.3.4"];

describe("verify", () => {
  it("ends with 1 and says what SDK users see where nothing is registered", async () => {
    await using plane = await startControlPlane();
    const run = await runProgram(["verify", ...against(plane), ...release]);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain("remote image builder is not enabled");
  });

  it("ends with 0 where a manual registration is the wanted one, and 1 with each field that is not", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    expect(await runForReport(["verify", ...against(plane), ...release])).toMatchObject({
      state: "current",
      exitCode: 0,
    });
    const other = await runForReport(["verify", ...against(plane), ...release, "--task-log-level", "6"]);
    expect(other).toMatchObject({ state: "not-current", exitCode: 1 });
    expect(other.findings[0]).toMatchObject({
      code: "registration-differs",
      why: expect.stringContaining(
        'taskTemplate.k8sPod.podSpec.containers[main].args[2]: registered "--logger.level=5", expected "--logger.level=6"',
      ),
    });
  });

  it.each([
    { stored: "2026.3.3", code: "registration-outdated" },
    { stored: "2026.3.10", code: "registration-newer" },
    { stored: "nightly", code: "registration-incomparable" },
  ])("tells $stored apart: $code", async ({ stored, code }) => {
    await using plane = await startControlPlane();
    plane.store({ version: stored });
    const report = await runForReport(["verify", ...against(plane), ...release]);
    expect(report).toMatchObject({ exitCode: 1, findings: [{ code }] });
  });
});

describe("status", () => {
  it("needs no appVersion and lists the newest versions, newest first, however many there are", async () => {
    await using plane = await startControlPlane({ registrations: 1_000 });
    plane.store({ version: "2026.3.4" });
    const report = await runForReport(["status", ...against(plane)]);
    expect(report).toMatchObject({ state: "known", exitCode: 0, current: { version: "2026.3.4" } });
    expect(report.versions?.[0]?.version).toBe("2026.3.4");
    expect(report.versions).toHaveLength(10);
  });
});

describe("render", () => {
  it("prints the task as it is stored, without contacting anything", async () => {
    const run = await runProgram(["render", ...release, "--control-plane-org", "acme"]);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    const { taskTemplate } = parse(run.stdout);
    const id = { resourceType: "TASK", org: "acme", project: "system", domain: "production", name: "build-image" };
    expect(taskTemplate.id).toEqual({ ...id, version: "2026.3.4" });
    expect(taskTemplate.k8sPod.podSpec.containers).toMatchObject([
      { image: "public.ecr.aws/g1m2l3c1/imagebuilder-staging/build-image:2026.3.4" },
    ]);
  });

  it("prints a file that a person can deploy with the flyte CLI", async () => {
    const run = await runProgram(["render", ...release, "--what", "python"]);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toContain('image="public.ecr.aws/g1m2l3c1/imagebuilder-staging/build-image:2026.3.4"');
    expect(run.stdout).toContain("build_image_task_env = flyte.TaskEnvironment.from_task");
  });

  it("prints the flyte configuration with the user's own file names", async () => {
    await using folder = await temporaryFolder();
    const secret = join(folder.path, "secret");
    await writeFile(secret, "s3cr3t-canary\n");
    const auth = ["--control-plane-auth-type", "clientSecret", "--control-plane-auth-client-id", "me"];
    const flags = [
      "--control-plane-endpoint",
      "union.example.com",
      ...auth,
      "--control-plane-auth-client-secret-file",
      secret,
    ];
    const run = await runProgram(["render", ...release, "--what", "flyte-config", ...flags]);
    expect(run.stdout).toContain("endpoint: dns:///union.example.com");
    expect(run.stdout).toContain(`clientSecretLocation: ${secret}`);
    expect(run.stdout).not.toContain("canary");
  });

  it("renders the user's own template like ours, and refuses one that pastes a value", async () => {
    await using folder = await temporaryFolder();
    const template = join(folder.path, "mine.hbs");
    const own = await readFile(join(dirname(inject("program")), "templates/build_image_task.yaml.hbs"), "utf8");
    await writeFile(template, own.replace("imagePullPolicy: Always", "imagePullPolicy: IfNotPresent"));
    const run = await runProgram(["render", ...release, "--task-template-file", template]);
    const { taskTemplate } = parse(run.stdout);
    expect(taskTemplate.k8sPod.podSpec.containers).toMatchObject([{ imagePullPolicy: "IfNotPresent" }]);
    expect(taskTemplate.k8sPod.metadata.annotations).toMatchObject({
      "image-builder-registrar.union.ai/app-version": "2026.3.4",
    });
    await writeFile(template, own.replace("{{yaml images.frontend}}", "{{images.frontend}}"));
    const refused = await runProgram(["render", ...release, "--task-template-file", template]);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("template-unusable") });
  });
});

describe("the program", () => {
  it.each([[], ["register"], ["verify"], ["check"], ["status"], ["render"], ["images"]])(
    "explains itself: %s --help",
    async (...args) => {
      const run = await runProgram([...args.flat(), "--help"]);
      expect(run).toMatchObject({ exitCode: 0, stderr: "" });
      expect(run.stdout).toContain(args.length === 0 ? "Exit codes" : "Examples:");
      expect(run.stdout.includes("--flyte-config <file>")).toBe(args.length > 0);
    },
  );

  it("runs from any folder with no other file", async () => {
    await using folder = await temporaryFolder();
    await cp(dirname(inject("program")), folder.path, { recursive: true });
    await using plane = await startControlPlane();
    const args = [join(folder.path, "registrar.mjs"), "register", ...against(plane), ...release];
    const run = await execa(process.execPath, args, { cwd: folder.path, env: {}, reject: false });
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("registered: 2026.3.4 is current") });
  });

  it("tells an older Node what it needs", async () => {
    const source = `process.versions.node = "20.1.0"`;
    const preload = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}});${source}`;
    const run = await execa(process.execPath, ["--import", preload, inject("program"), "--version"], { reject: false });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("registrar needs Node.js 26 or newer") });
  });
});

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "program-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
